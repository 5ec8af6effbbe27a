package io.livehook.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.livehook.delivery.CallbackCheck;
import io.livehook.delivery.DeliverySender;
import io.livehook.delivery.OutboundHttp;
import io.livehook.delivery.OutboundOptions;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.http.Connections;
import io.livehook.http.Patience;
import io.livehook.http.Peers;
import io.livehook.http.Refusals;
import io.livehook.http.RequestIds;
import io.livehook.ingest.IngestLimits;
import io.livehook.lane.Limits;
import io.livehook.log.NodeLanes;
import io.livehook.outcome.AttemptJudge;
import io.livehook.outcome.RetrySchedule;
import io.livehook.platform.Ids;
import io.livehook.platform.MasterKeySource;
import io.livehook.platform.ReadPool;
import io.livehook.platform.ReaderRole;
import io.livehook.platform.Secret;
import io.livehook.platform.Settings;
import io.livehook.platform.TestDatabase;
import io.livehook.security.AccountChanges;
import io.livehook.security.Accounts;
import io.livehook.security.ApiKey;
import io.livehook.security.KeyUses;
import io.livehook.security.KeyWish;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import io.livehook.security.Vault;
import io.livehook.subscription.Sealing;
import io.livehook.subscription.TenantRemoval;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The HTTP side on a real socket, with real lanes on a real database; and a client of it. Its clock
 * goes slowly where requests wait for the database: a disk that stalls for a second fails no test.
 */
final class TestBroker implements AutoCloseable {
  static final int BODY_LIMIT = 64 << 10;
  static final Settings.Inbound INBOUND =
      new Settings.Inbound(
          1_000,
          500,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          64 << 10,
          32 << 10,
          128);

  private static final Secret PEPPER = new Secret("a pepper of the tests");

  /** 32 bytes. */
  static final String MASTER_KEY = "bWFzdGVyIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGU=";

  final AtomicBoolean ready = new AtomicBoolean(true);
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final NodeLanes lanes;
  private final HttpServer server;
  private List<Route> routes = List.of();
  private final Accounts accounts;
  private final GuardPolicy callbacks;
  private final GuardPolicy deliveries;
  private final Pool pool;
  private final Vault vault;
  final KeyUses keyUses;
  final TenantRemoval removal;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Two tenants, {@code acme} and {@code other}. */
  TestBroker(TestDatabase database) throws SQLException, TimeoutException {
    this(database, GuardPolicy.DEV, GuardPolicy.DEV, unlimited());
  }

  TestBroker(TestDatabase database, GuardPolicy callbacks, GuardPolicy deliveries)
      throws SQLException, TimeoutException {
    this(database, callbacks, deliveries, unlimited());
  }

  TestBroker(TestDatabase database, IngestLimits limits) throws SQLException, TimeoutException {
    this(database, GuardPolicy.DEV, GuardPolicy.DEV, limits);
  }

  private TestBroker(
      TestDatabase database, GuardPolicy callbacks, GuardPolicy deliveries, IngestLimits limits)
      throws SQLException, TimeoutException {
    this.callbacks = callbacks;
    this.deliveries = deliveries;
    database.execute(
        "select create_day((now() at time zone 'UTC')::date + n) from generate_series(-1, 1) n");
    accounts = Accounts.open(database.url(), Ids.ofThisHost(), PEPPER);
    for (String tenant : List.of("acme", "other")) {
      var unused = accounts.createTenant(tenant); // there already after a restart
    }
    List<Context> loops =
        List.of(
            ((VertxInternal) vertx).createEventLoopContext(),
            ((VertxInternal) vertx).createEventLoopContext());
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(database.url().connectOptions())
            .using(vertx)
            .build();
    vault = new Vault(vertx, pool, MasterKeySource.of(new Secret(MASTER_KEY)));
    vault.loadMasters().await(10, TimeUnit.SECONDS);
    lanes =
        new NodeLanes(
            vertx,
            database.url().connectOptions(),
            new NodeLanes.Plan("api", 16, loops, loop -> surroundings()));
    lanes.start().await(30, TimeUnit.SECONDS);
    keyUses = new KeyUses(pool);
    removal = new TenantRemoval(vertx, pool, lanes, lanes::laneCount);
    server = listen(database, limits);
  }

  private static IngestLimits unlimited() {
    return new IngestLimits(0, 1_000);
  }

  private NodeLanes.Surroundings surroundings() {
    OutboundHttp http =
        new OutboundHttp(
            vertx,
            new OutboundOptions(Duration.ofSeconds(2), Duration.ofSeconds(1), 65_536, 64),
            new Guard(deliveries));
    return new NodeLanes.Surroundings(
        new DeliverySender(
            http,
            new AttemptJudge(RetrySchedule.parse("1"), tenant -> null, 5, new Random(1)),
            resource -> "http://broker.test/r",
            vault),
        Ids.ofThisHost(),
        Limits.DEFAULT);
  }

  private HttpServer listen(TestDatabase database, IngestLimits limits) throws TimeoutException {
    Optional<String> reader = ReaderRole.find(pool).await(10, TimeUnit.SECONDS);
    HttpServer made = vertx.createHttpServer(HttpApi.serverOptions(INBOUND));
    HttpApi api =
        new HttpApi(
            new HttpApiConfig("https://broker.test", BODY_LIMIT, PEPPER),
            ReadPool.open(vertx, database.url().connectOptions(), reader),
            new Surroundings(
                lanes,
                lanes::laneCount,
                Ids.ofThisHost(),
                new SecureRandom(),
                vault,
                new CallbackCheck(vertx, new Guard(callbacks)),
                () -> Map.of("lanes", ready.get() && lanes.ready()),
                tenant -> {},
                new AccountChanges(pool, Ids.ofThisHost(), PEPPER, ApiKey.Environment.DEV),
                keyUses,
                limits,
                new Patience(vertx, () -> System.nanoTime() / 10),
                new Connections(
                    vertx,
                    INBOUND,
                    new Peers(INBOUND.connections(), INBOUND.connectionsPerPeer()),
                    new Refusals("https://broker.test", new RequestIds(1)))));
    routes = api.routes();
    return api.install(made).listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
  }

  /** The signing secret in a stored keyring. */
  String opened(String stored, Vault.Place place) throws TimeoutException {
    return vault.open(stored, place).await(5, TimeUnit.SECONDS).current().secret().reveal();
  }

  Sealing sealing() {
    return new Sealing(vertx, pool, lanes, lanes::laneCount, vault);
  }

  List<Route> routes() {
    return routes;
  }

  int port() {
    return server.actualPort();
  }

  String key(Role role) throws SQLException {
    return key("acme", role);
  }

  String key(String tenant, Role role) throws SQLException {
    return key(tenant, role, Scope.TENANT);
  }

  String key(String tenant, Role role, Scope scope) throws SQLException {
    return key(tenant, new KeyWish(role, scope, "test", null));
  }

  String key(String tenant, KeyWish wish) throws SQLException {
    return accounts.createKey(ApiKey.Environment.DEV, tenant, wish).orElseThrow().reveal();
  }

  Accounts accounts() {
    return accounts;
  }

  @CanIgnoreReturnValue
  int revokeKeys(String tenant) throws SQLException {
    return accounts.revokeKeys(tenant, "test");
  }

  // --- a client ---

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String resource(String uri) {
    return "/acme/resources/" + encoded(uri);
  }

  static String subscriptions(String uri) {
    return resource(uri) + "/subscriptions/";
  }

  /** A request of a key, to be finished; an empty key sends none. */
  HttpRequest.Builder to(String path, String key, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(20));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return headers.length == 0 ? request : request.headers(headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, HttpResponse.BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request.build(), handler);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @CanIgnoreReturnValue
  HttpResponse<String> get(String path, String key, String... headers) {
    return send(to(path, key, headers).GET());
  }

  @CanIgnoreReturnValue
  HttpResponse<String> delete(String path, String key, String... headers) {
    return send(to(path, key, headers).DELETE());
  }

  @CanIgnoreReturnValue
  HttpResponse<String> put(String uri, String key, String body, String... headers) {
    return put(uri, key, BodyPublishers.ofString(body), headers);
  }

  @CanIgnoreReturnValue
  HttpResponse<String> put(String uri, String key, BodyPublisher body, String... headers) {
    return send(to(resource(uri), key, headers).header("Content-Type", "text/plain").PUT(body));
  }

  @CanIgnoreReturnValue
  HttpResponse<String> post(String path, String key, String type, String body, String... headers) {
    return send(
        to(path, key, headers).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
  }

  @CanIgnoreReturnValue
  HttpResponse<String> patch(String path, String key, String body, String... headers) {
    return send(
        to(path, key, headers)
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  @CanIgnoreReturnValue
  HttpResponse<String> subscribe(String uri, String key, String form, String... headers) {
    return post(subscriptions(uri), key, "application/x-www-form-urlencoded", form, headers);
  }

  static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }

  static JsonArray array(HttpResponse<String> response) {
    return new JsonArray(response.body());
  }

  /** Writes bytes and reads the start of whatever comes back. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      byte[] start = new byte[4096];
      int length = socket.getInputStream().read(start);
      return length < 0 ? "" : new String(start, 0, length, StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() throws Exception {
    accounts.close();
    server.close().await(5, TimeUnit.SECONDS);
    lanes.stop(System.nanoTime() + TimeUnit.SECONDS.toNanos(5)).await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
