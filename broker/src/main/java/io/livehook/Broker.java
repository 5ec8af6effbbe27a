package io.livehook;

import io.livehook.api.HttpApi;
import io.livehook.api.HttpApiConfig;
import io.livehook.api.Surroundings;
import io.livehook.delivery.CallbackCheck;
import io.livehook.delivery.DeliverySender;
import io.livehook.delivery.OutboundHttp;
import io.livehook.delivery.OutboundOptions;
import io.livehook.delivery.Tls;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.http.Connections;
import io.livehook.http.Patience;
import io.livehook.http.Peers;
import io.livehook.http.Percent;
import io.livehook.http.Refusals;
import io.livehook.http.RequestIds;
import io.livehook.ingest.IngestLimits;
import io.livehook.lane.Limits;
import io.livehook.lane.Resource;
import io.livehook.log.NodeLanes;
import io.livehook.outcome.AttemptJudge;
import io.livehook.outcome.RetrySchedule;
import io.livehook.platform.Ids;
import io.livehook.platform.Mode;
import io.livehook.platform.ReadPool;
import io.livehook.platform.ReaderRole;
import io.livehook.platform.Secret;
import io.livehook.platform.Settings;
import io.livehook.retention.RetentionLoop;
import io.livehook.security.AccountChanges;
import io.livehook.security.ApiKey;
import io.livehook.security.KeyUses;
import io.livehook.security.Tenants;
import io.livehook.security.Vault;
import io.livehook.subscription.Sealing;
import io.livehook.subscription.TenantRemoval;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: the only place that names all steps. {@link #start} is the start-up on one
 * screen, {@link #stop} its reverse. The database must be migrated.
 */
public final class Broker {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final Settings settings;
  private final List<Context> loops = new ArrayList<>();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final Pool pool;
  private final NodeLanes lanes;
  private final RetentionLoop retention;
  private final Guard guard;
  private final OutboundOptions outbound;
  private final CallbackCheck callbacks;
  private final TenantRemoval removal;
  private final Vault vault;
  private final Sealing sealing;
  private final KeyUses keyUses;
  private final IngestLimits ingestLimits;
  private final Peers peers;
  private final Tenants tenants = new Tenants();
  private final List<ReadPool> readPools = new CopyOnWriteArrayList<>();
  private volatile boolean draining;
  private volatile int port;
  private volatile Optional<String> readerRole = Optional.empty();

  private Broker(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
    for (int i = 0; i < settings.node().eventLoops(); i++) {
      loops.add(((VertxInternal) vertx).createEventLoopContext());
    }
    this.guard = guard(settings);
    this.outbound = outbound();
    this.callbacks = new CallbackCheck(vertx, guard);
    this.pool = maintenancePool();
    this.lanes =
        new NodeLanes(
            vertx,
            settings.databaseUrl().connectOptions(),
            new NodeLanes.Plan(
                settings.node().name(), settings.lanes().count(), loops, this::surroundings));
    this.retention =
        new RetentionLoop(
            vertx, pool, lanes, settings.retention().log(), settings.retention().tombstones());
    this.removal = new TenantRemoval(vertx, pool, lanes, lanes::laneCount);
    this.vault = new Vault(vertx, pool, settings.masterKey());
    this.sealing = new Sealing(vertx, pool, lanes, lanes::laneCount, vault);
    this.keyUses = new KeyUses(pool);
    this.peers =
        new Peers(
            settings.http().inbound().connections(),
            settings.http().inbound().connectionsPerPeer());
    this.ingestLimits =
        new IngestLimits(settings.http().tenantRate(), settings.http().tenantInFlight());
  }

  public static Future<Broker> start(Vertx vertx, Settings settings) {
    Broker broker = new Broker(vertx, settings);
    return RetentionLoop.createDays(broker.pool)
        .compose(days -> ReaderRole.find(broker.pool))
        .onSuccess(role -> broker.readerRole = role)
        .compose(role -> broker.tenants.load(broker.pool))
        .compose(loaded -> broker.vault.loadMasters())
        .compose(loaded -> broker.lanes.start())
        .compose(owned -> broker.listen())
        .onSuccess(listening -> broker.startLoops())
        .map(broker)
        .recover(failed -> broker.stop().transform(stopped -> Future.<Broker>failedFuture(failed)));
  }

  private void startLoops() {
    retention.start();
    removal.start();
    sealing.start();
    keyUses.start(vertx);
  }

  /** The port that was really bound. */
  public int port() {
    return port;
  }

  /** Every lane is owned, the heartbeat holds, and nobody has asked to stop. */
  public boolean ready() {
    return !draining && lanes.ready();
  }

  /** Accepts nothing more, ends what runs (at most 30 s), flushes, hands its lanes over. */
  public Future<Void> stop() {
    draining = true;
    retention.stop();
    removal.stop();
    sealing.stop();
    long deadline = System.nanoTime() + DRAIN.toNanos();
    return lanes
        .stop(deadline)
        .eventually(keyUses::stop)
        .eventually(this::closeAll)
        .onSuccess(stopped -> LOG.info("stopped: everything flushed, lanes handed over"));
  }

  private Future<Void> closeAll() {
    List<Future<Void>> closed = new ArrayList<>();
    servers.forEach(each -> closed.add(each.close()));
    readPools.forEach(each -> closed.add(each.close()));
    closed.add(pool.close());
    callbacks.close();
    return Future.join(closed).mapEmpty();
  }

  private Pool maintenancePool() {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(2))
        .connectingTo(
            settings
                .databaseUrl()
                .connectOptions()
                .addProperty("application_name", "livehook-retention"))
        .using(vertx)
        .build();
  }

  // --- HTTP ---

  /** A server per event loop, all on one port. */
  private Future<Void> listen() {
    return choosePort()
        .compose(
            chosen -> {
              port = chosen;
              List<Future<Void>> listening = new ArrayList<>();
              loops.forEach(loop -> listening.add(listenOn(loop)));
              return Future.all(listening).mapEmpty();
            });
  }

  /** Port 0 asks for any: one is found before the servers start, since their URLs name it. */
  private Future<Integer> choosePort() {
    int wanted = settings.http().port();
    if (wanted != 0) {
      return Future.succeededFuture(wanted);
    }
    NetServer probe = vertx.createNetServer().connectHandler(NetSocket::close);
    return probe
        .listen(0, settings.http().host())
        .compose(bound -> probe.close().map(bound.actualPort()));
  }

  private Future<Void> listenOn(Context loop) {
    Promise<Void> listening = Promise.promise();
    loop.runOnContext(
        on -> {
          HttpServer server =
              api()
                  .install(
                      vertx.createHttpServer(HttpApi.serverOptions(settings.http().inbound())));
          servers.add(server);
          server.listen(port, settings.http().host()).<Void>mapEmpty().onComplete(listening);
        });
    return listening.future();
  }

  private HttpApi api() {
    ReadPool reads = ReadPool.open(vertx, settings.databaseUrl().connectOptions(), readerRole);
    readPools.add(reads);
    Secret pepper =
        settings.keyPepper().orElseThrow(() -> new IllegalStateException("no key.pepper"));
    return new HttpApi(
        new HttpApiConfig(settings.http().baseUrl(port), (int) settings.http().bodyLimit(), pepper),
        reads,
        new Surroundings(
            lanes,
            lanes::laneCount,
            Ids.ofThisHost(),
            new SecureRandom(),
            vault,
            callbacks,
            this::checks,
            tenants::learn,
            new AccountChanges(pool, Ids.ofThisHost(), pepper, environment()),
            keyUses,
            ingestLimits,
            new Patience(vertx),
            connections()));
  }

  private Connections connections() {
    RequestIds ids = new RequestIds(new SecureRandom().nextLong());
    Refusals refusals = new Refusals(settings.http().baseUrl(port), ids);
    return new Connections(vertx, settings.http().inbound(), peers, refusals);
  }

  private ApiKey.Environment environment() {
    return settings.node().mode() == Mode.DEV ? ApiKey.Environment.DEV : ApiKey.Environment.LIVE;
  }

  private Map<String, Boolean> checks() {
    return Map.of("lanes", lanes.ready(), "accepting", !draining);
  }

  // --- the way out ---

  private static Guard guard(Settings settings) {
    Set<String> ownNames =
        settings
            .http()
            .configuredBaseUrl()
            .map(url -> String.valueOf(URI.create(url).getHost()).toLowerCase(Locale.ROOT))
            .map(Set::of)
            .orElse(Set.of());
    return new Guard(
        settings.outbound().guard().withOwn(GuardPolicy.addressesOfThisMachine(), ownNames));
  }

  private OutboundOptions outbound() {
    Settings.Delivery delivery = settings.delivery();
    Settings.Outbound out = settings.outbound();
    Optional<Tls.Identity> identity =
        out.certificate().flatMap(shown -> out.key().map(key -> new Tls.Identity(shown, key)));
    return new OutboundOptions(
        delivery.deadline(),
        delivery.connectTimeout(),
        delivery.answerLimit(),
        delivery.inFlightPerHost(),
        Math.max(1, out.connections() / loops.size()),
        new OutboundOptions.Route(
            Tls.load(out.authorities(), identity), out.proxy().map(Broker::proxy).orElse(null)));
  }

  private static ProxyOptions proxy(URI uri) {
    return new ProxyOptions()
        .setType(uri.getScheme().equals("http") ? ProxyType.HTTP : ProxyType.SOCKS5)
        .setHost(uri.getHost())
        .setPort(uri.getPort());
  }

  // --- one event loop ---

  private NodeLanes.Surroundings surroundings(Context loop) {
    OutboundHttp http = new OutboundHttp(vertx, outbound, guard);
    RetrySchedule schedule = new RetrySchedule(settings.retries().schedule());
    AttemptJudge judge =
        new AttemptJudge(
            schedule,
            tenant -> tenants.of(tenant).retrySchedule(),
            settings.retries().breakerFailures(),
            new SplittableRandom());
    return new NodeLanes.Surroundings(
        new DeliverySender(http, judge, this::self, vault), Ids.ofThisHost(), limits(schedule));
  }

  private Limits limits(RetrySchedule schedule) {
    Settings.Lanes lane = settings.lanes();
    return new Limits(
        lane.appendBatch(),
        Limits.DEFAULT.batchBytes(),
        lane.flushInterval().toMillis(),
        Limits.DEFAULT.flushAt(),
        settings.delivery().inFlightPerLoop(),
        settings.delivery().inFlightPerHost(),
        lane.bodiesInMemory() / loops.size(),
        lane.lagLimit().toMillis(),
        lane.lagUpdates(),
        Limits.DEFAULT.changes(),
        schedule.sum().toMillis());
  }

  /** Livehook's own URL of a resource (liveresource.md §1). */
  private String self(Resource resource) {
    return settings.http().baseUrl(port)
        + "/"
        + tenants.of(resource.tenant()).slug()
        + "/resources/"
        + Percent.encode(resource.uri());
  }
}
