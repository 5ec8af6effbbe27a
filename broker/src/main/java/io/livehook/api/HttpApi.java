package io.livehook.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.livehook.http.Connections;
import io.livehook.http.Cursors;
import io.livehook.http.RequestIds;
import io.livehook.ingest.BatchIngest;
import io.livehook.ingest.ChangesPush;
import io.livehook.ingest.IngestLimits;
import io.livehook.ingest.ValuePush;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Mode;
import io.livehook.log.Lanes;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Settings;
import io.livehook.resource.DiscoveryAnswers;
import io.livehook.resource.ResourceNames;
import io.livehook.resource.ValueAnswers;
import io.livehook.resource.Values;
import io.livehook.security.AccountRows;
import io.livehook.security.Callers;
import io.livehook.security.Role;
import io.livehook.subscription.HooksCollection;
import io.livehook.subscription.Keyrings;
import io.livehook.subscription.Rotation;
import io.livehook.subscription.SubscriptionChanges;
import io.livehook.subscription.SubscriptionCollection;
import io.livehook.subscription.SubscriptionDoor;
import io.livehook.subscription.SubscriptionRows;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;

/** The whole HTTP side of the broker: every route stands here. One per event loop. */
public final class HttpApi {
  private static final Set<Role> ANYONE = EnumSet.allOf(Role.class);
  private static final Set<Role> ORIGIN = Set.of(Role.ORIGIN);
  private static final Set<Role> SUBSCRIBERS = Set.of(Role.CONSUMER, Role.OPERATOR);
  private static final Set<Role> CONFIGURERS = Set.of(Role.ORIGIN, Role.OPERATOR);
  private static final Set<Role> OPERATORS = Set.of(Role.OPERATOR);
  private static final Set<Role> OVERSEERS = Set.of(Role.OPERATOR, Role.VIEWER);
  private static final Set<Role> READERS = Set.of(Role.CONSUMER, Role.OPERATOR, Role.VIEWER);

  private static final String RESOURCE = "/{tenant}/resources/{key}";
  private static final String SUBSCRIPTIONS = RESOURCE + "/subscriptions/";
  private static final String SUBSCRIPTION = SUBSCRIPTIONS + "{id}";
  private static final String OF_CHANGES = RESOURCE + "/changes-subscriptions/";
  private static final String HOOKS = "/{tenant}/hooks/";
  private static final String HOOK = HOOKS + "{callback}/{uri}";
  private static final String ALIAS = "/{tenant}/subscriptions/{id}";
  private static final String API = "/api/v1";

  private final Connections connections;
  private final Router router;
  private final List<Route> routes;

  public HttpApi(HttpApiConfig config, ReadPool database, Surroundings around) {
    this.connections = around.connections();
    Lanes lanes = around.lanes();
    ResourceNames names = new ResourceNames(config.baseUrl(), lanes(around.laneCount()), database);
    Values values = new Values(database);
    ValueAnswers resources = new ValueAnswers(names, values, database);
    Cursors cursors = new Cursors(config.pepper());
    SubscriptionRows rows = new SubscriptionRows(database);
    Keyrings keyrings = new Keyrings(around.vault(), around.random());
    SubscriptionChanges changes =
        new SubscriptionChanges(rows, names, lanes, around.ids(), keyrings, around.callbacks());
    SubscriptionDoor door = new SubscriptionDoor(rows, names, changes);
    Redelivery redelivery = new Redelivery(names, lanes);
    AccountRows accounts = new AccountRows(database);
    this.routes =
        routes(
            new Health(around.readiness()),
            new Pushes(
                resources,
                new DiscoveryAnswers(names, values),
                new ValuePush(resources, values, lanes, config.bodyLimit()),
                new ChangesPush(resources, values, lanes, config.bodyLimit()),
                new BatchIngest(names, values, lanes, config.bodyLimit()),
                around.ingestLimits()),
            new Subscribing(
                new SubscriptionCollection(Mode.VALUE, resources, rows, changes, door, cursors),
                new SubscriptionCollection(Mode.CHANGES, resources, rows, changes, door, cursors),
                new HooksCollection(names, rows, changes, door, cursors),
                door,
                new Rotation(rows, changes, keyrings),
                new SubscriptionsApi(rows, new Deliveries(database), redelivery, cursors)),
            new DeadLettersApi(database, redelivery, cursors),
            new ResourcesApi(names, database, lanes, around.ids()),
            new Overseers(
                new TenantsApi(accounts, around.accounts(), cursors),
                new KeysApi(accounts, around.accounts(), cursors),
                new AuditApi(database, cursors)));
    Callers callers =
        new Callers(
            database, config.pepper(), System::nanoTime, around.tenantSeen(), around.keyUses());
    this.router =
        new Router(
            config.baseUrl(),
            callers,
            around.patience(),
            new RequestIds(around.random().nextLong()),
            routes);
  }

  private record Pushes(
      ValueAnswers resources,
      DiscoveryAnswers discovery,
      ValuePush values,
      ChangesPush changes,
      BatchIngest batches,
      IngestLimits limits) {}

  private record Subscribing(
      SubscriptionCollection values,
      SubscriptionCollection changes,
      HooksCollection hooks,
      SubscriptionDoor door,
      Rotation rotation,
      SubscriptionsApi api) {}

  private record Overseers(TenantsApi tenants, KeysApi keys, AuditApi audit) {}

  /** Before the lanes are known any will do: the door answers 503 to all of them. */
  private static ResourceNames.LaneChooser lanes(IntSupplier count) {
    return new ResourceNames.LaneChooser() {
      @Override
      public boolean known() {
        return count.getAsInt() > 0;
      }

      @Override
      public int lane(UUID tenant, String uri) {
        return known() ? LaneOf.lane(tenant, uri, count.getAsInt()) : 0;
      }
    };
  }

  private static List<Route> routes(
      Health health,
      Pushes pushes,
      Subscribing subscribing,
      DeadLettersApi deadLetters,
      ResourcesApi resources,
      Overseers overseers) {
    SubscriptionCollection collection = subscribing.values();
    SubscriptionCollection changes = subscribing.changes();
    HooksCollection hooks = subscribing.hooks();
    SubscriptionDoor door = subscribing.door();
    SubscriptionsApi subscriptions = subscribing.api();
    return List.of(
        Route.of(PUT, RESOURCE, ORIGIN, pushes.limits().limited(pushes.values()::put)),
        Route.of(DELETE, RESOURCE, ORIGIN, pushes.limits().limited(pushes.values()::delete)),
        Route.visited(GET, RESOURCE, ANYONE, pushes.resources()::get),
        Route.visited(HEAD, RESOURCE, ANYONE, pushes.resources()::get),
        Route.of(
            POST, RESOURCE + "/changes", ORIGIN, pushes.limits().limited(pushes.changes()::post)),
        Route.of(GET, "/{tenant}/discovery", ORIGIN, pushes.discovery()::get),
        Route.of(GET, API + "/resources/{key}", ANYONE, resources::get),
        Route.of(PUT, API + "/resources/{key}", CONFIGURERS, resources::put),
        Route.of(POST, API + "/updates", ORIGIN, pushes.limits().limited(pushes.batches()::post)),
        Route.of(POST, SUBSCRIPTIONS, SUBSCRIBERS, collection::post),
        Route.of(GET, SUBSCRIPTIONS, READERS, collection::list),
        Route.of(DELETE, SUBSCRIPTIONS, SUBSCRIBERS, collection::deleteByQuery),
        Route.of(GET, SUBSCRIPTION, READERS, collection::get),
        Route.of(DELETE, SUBSCRIPTION, SUBSCRIBERS, collection::delete),
        Route.of(PATCH, SUBSCRIPTION, SUBSCRIBERS, collection::patch),
        Route.of(POST, OF_CHANGES, SUBSCRIBERS, changes::post),
        Route.of(GET, OF_CHANGES, READERS, changes::list),
        Route.of(DELETE, OF_CHANGES, SUBSCRIBERS, changes::deleteByQuery),
        Route.of(GET, OF_CHANGES + "{id}", READERS, changes::get),
        Route.of(PATCH, OF_CHANGES + "{id}", SUBSCRIBERS, changes::patch),
        Route.of(DELETE, OF_CHANGES + "{id}", SUBSCRIBERS, changes::delete),
        Route.of(POST, HOOKS, SUBSCRIBERS, hooks::post),
        Route.of(GET, HOOKS, READERS, hooks::list),
        Route.of(GET, HOOK, READERS, hooks::get),
        Route.of(PATCH, HOOK, SUBSCRIBERS, hooks::patch),
        Route.of(DELETE, HOOK, SUBSCRIBERS, hooks::delete),
        Route.of(PATCH, ALIAS, SUBSCRIBERS, collection::patchAlias),
        Route.of(GET, ALIAS, READERS, collection::getAlias),
        Route.of(DELETE, ALIAS, SUBSCRIBERS, collection::deleteAlias),
        Route.of(POST, ALIAS + "/rotate", SUBSCRIBERS, subscribing.rotation()::atAlias),
        Route.of(GET, API + "/subscriptions", READERS, subscriptions::list),
        Route.of(POST, API + "/subscriptions", SUBSCRIBERS, door::post),
        Route.of(GET, API + "/subscriptions/{id}", READERS, subscriptions::get),
        Route.of(PATCH, API + "/subscriptions/{id}", SUBSCRIBERS, door::patch),
        Route.of(DELETE, API + "/subscriptions/{id}", SUBSCRIBERS, door::delete),
        Route.of(
            POST, API + "/subscriptions/{id}/rotate", SUBSCRIBERS, subscribing.rotation()::atApi),
        Route.of(GET, API + "/subscriptions/{id}/deliveries", READERS, subscriptions::deliveries),
        Route.of(
            POST, API + "/subscriptions/{id}/redeliver", SUBSCRIBERS, subscriptions::redeliver),
        Route.of(GET, API + "/dead-letters", READERS, deadLetters::list),
        Route.of(POST, API + "/dead-letters/{id}/redeliver", SUBSCRIBERS, deadLetters::redeliver),
        Route.everywhere(GET, API + "/tenants", OVERSEERS, overseers.tenants()::list),
        Route.everywhere(POST, API + "/tenants", OPERATORS, overseers.tenants()::create),
        Route.everywhere(GET, API + "/tenants/{id}", OVERSEERS, overseers.tenants()::get),
        Route.everywhere(DELETE, API + "/tenants/{id}", OPERATORS, overseers.tenants()::delete),
        Route.of(GET, API + "/keys", OVERSEERS, overseers.keys()::list),
        Route.of(POST, API + "/keys", OPERATORS, overseers.keys()::create),
        Route.of(DELETE, API + "/keys/{id}", OPERATORS, overseers.keys()::revoke),
        Route.of(GET, API + "/audit", OVERSEERS, overseers.audit()::list),
        Route.open(GET, "/openapi.json", Documents::openapi),
        Route.open(GET, "/problems", Documents::problems),
        Route.open(GET, "/healthz", health::healthz),
        Route.open(GET, "/readyz", health::readyz));
  }

  List<Route> routes() {
    return routes;
  }

  public Handler<HttpServerRequest> handler() {
    return router::handle;
  }

  /** Makes a server of {@link #serverOptions} answer by this. */
  public HttpServer install(HttpServer server) {
    return server
        .connectionHandler(connections::accept)
        .requestHandler(handler())
        .invalidRequestHandler(request -> InvalidRequests.answer(connections.refusals(), request));
  }

  /**
   * What the server needs: HTTP/1.1 and nothing else (no h2c, no web sockets), nothing unpacked on
   * the way (bytes are kept as they come). Times are {@link Connections}' business.
   */
  public static HttpServerOptions serverOptions(Settings.Inbound limits) {
    return new HttpServerOptions()
        .setMaxInitialLineLength(limits.lineLimit())
        .setMaxHeaderSize(limits.fieldsLimit())
        .setHttp2ClearTextEnabled(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setDecompressionSupported(false)
        .setCompressionSupported(false);
  }
}
