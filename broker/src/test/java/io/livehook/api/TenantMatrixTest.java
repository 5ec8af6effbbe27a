package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.TestDatabase;
import io.livehook.security.KeyWish;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tenant matrix (reliability.md I12): every route there is, asked with every kind of key. A
 * route without a row here fails {@link #everyRouteHasARow}.
 */
class TenantMatrixTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String API = "/api/v1";
  private static final String RESOURCE = "/{tenant}/resources/{key}";
  private static final String SUBSCRIPTIONS = RESOURCE + "/subscriptions/";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String STRICT = "{\"order\":\"strict\"}";
  private static final String JSON = "application/json";
  private static final AtomicInteger CALLBACKS = new AtomicInteger();
  private static final Map<String, Row> ROWS = rows();
  private static TestBroker broker;

  /** Asked for by those who may not: it stays as it was made. */
  private static MatrixScene untouched = MatrixScene.unknown(0);

  /** What a row is about, which decides who else must not see it. */
  private enum About {
    /** Open to anyone. */
    NOTHING,
    /** Things of the whole tenant. */
    TENANT,
    /** One thing of the tenant, named by its id. */
    THING,
    /** One subscription or delivery, named by its id. */
    SUBSCRIPTION,
    /** A list or a new thing of the tenant that the key acts in. */
    OWN
  }

  /** A request and the answer of who may. */
  private record Row(
      About about,
      int allowed,
      Function<MatrixScene, String> fill,
      String type,
      Function<MatrixScene, String> body) {}

  private static Row row(About about, int allowed, Function<MatrixScene, String> path) {
    return row(about, allowed, path, "", scene -> "");
  }

  private static Row row(
      About about,
      int allowed,
      Function<MatrixScene, String> path,
      String type,
      Function<MatrixScene, String> body) {
    return new Row(about, allowed, path, type, body);
  }

  private static String resource(MatrixScene scene) {
    return "/" + scene.tenant() + "/resources/" + encoded(scene.uri());
  }

  private static String item(MatrixScene scene) {
    return resource(scene) + "/subscriptions/" + encoded(scene.callback());
  }

  private static String alias(MatrixScene scene) {
    return "/" + scene.tenant() + "/subscriptions/" + scene.alias();
  }

  private static String line(MatrixScene scene) {
    return "{\"resource\":\"%s\",\"content_type\":\"text/plain\",\"body\":\"x\"}\n"
        .formatted(scene.uri());
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put(
        "PUT " + RESOURCE,
        row(About.TENANT, 200, TenantMatrixTest::resource, "text/plain", scene -> "after"));
    rows.put("DELETE " + RESOURCE, row(About.TENANT, 200, TenantMatrixTest::resource));
    rows.put("GET " + RESOURCE, row(About.TENANT, 200, TenantMatrixTest::resource));
    rows.put("HEAD " + RESOURCE, row(About.TENANT, 200, TenantMatrixTest::resource));
    rows.put(
        "GET /{tenant}/discovery",
        row(
            About.TENANT,
            200,
            scene -> "/" + scene.tenant() + "/discovery?uri=" + encoded(scene.uri())));
    rows.put(
        "POST " + API + "/updates",
        row(
            About.OWN,
            200,
            scene -> API + "/updates",
            "application/x-ndjson",
            TenantMatrixTest::line));
    rows.put(
        "POST " + SUBSCRIPTIONS,
        row(
            About.TENANT,
            201,
            scene -> resource(scene) + "/subscriptions/",
            FORM,
            scene -> "callback_uri=" + encoded(scene.callback() + "/new") + "&order=strict"));
    rows.put(
        "GET " + SUBSCRIPTIONS,
        row(About.TENANT, 200, scene -> resource(scene) + "/subscriptions/"));
    rows.put(
        "DELETE " + SUBSCRIPTIONS,
        row(
            About.SUBSCRIPTION,
            200,
            scene ->
                resource(scene) + "/subscriptions/?callback_uri=" + encoded(scene.callback())));
    rows.put("GET " + SUBSCRIPTIONS + "{id}", row(About.SUBSCRIPTION, 200, TenantMatrixTest::item));
    rows.put(
        "DELETE " + SUBSCRIPTIONS + "{id}", row(About.SUBSCRIPTION, 200, TenantMatrixTest::item));
    String aliases = "/{tenant}/subscriptions/{id}";
    rows.put("GET " + aliases, row(About.SUBSCRIPTION, 200, TenantMatrixTest::alias));
    rows.put("DELETE " + aliases, row(About.SUBSCRIPTION, 200, TenantMatrixTest::alias));
    rows.put(
        "POST " + aliases + "/rotate",
        row(About.SUBSCRIPTION, 200, scene -> alias(scene) + "/rotate"));
    rows.put(
        "POST " + API + "/subscriptions/{id}/rotate",
        row(
            About.SUBSCRIPTION,
            200,
            scene -> API + "/subscriptions/" + scene.alias() + "/rotate",
            JSON,
            scene -> "{\"overlap_seconds\":0}"));
    rows.put(
        "PATCH " + SUBSCRIPTIONS + "{id}",
        row(About.SUBSCRIPTION, 200, TenantMatrixTest::item, JSON, scene -> STRICT));
    rows.put(
        "PATCH " + aliases,
        row(About.SUBSCRIPTION, 200, TenantMatrixTest::alias, JSON, scene -> STRICT));
    changes(rows);
    hooks(rows);
    operators(rows);
    accounts(rows);
    for (String open : List.of("/openapi.json", "/problems", "/healthz", "/readyz")) {
      rows.put("GET " + open, row(About.NOTHING, 200, scene -> open));
    }
    return rows;
  }

  private static String list(MatrixScene scene) {
    return "/" + scene.tenant() + "/resources/" + encoded(scene.list());
  }

  private static void changes(Map<String, Row> rows) {
    rows.put(
        "POST " + RESOURCE + "/changes",
        row(About.TENANT, 200, scene -> list(scene) + "/changes", JSON, scene -> "[1]"));
    String all = RESOURCE + "/changes-subscriptions/";
    Function<MatrixScene, String> path = scene -> list(scene) + "/changes-subscriptions/";
    Function<MatrixScene, String> one = scene -> path.apply(scene) + encoded(scene.callback());
    rows.put(
        "POST " + all,
        row(
            About.TENANT,
            201,
            path,
            FORM,
            scene -> "callback_uri=" + encoded(scene.callback() + "/new")));
    rows.put("GET " + all, row(About.TENANT, 200, path));
    rows.put(
        "DELETE " + all,
        row(
            About.SUBSCRIPTION,
            200,
            scene -> path.apply(scene) + "?callback_uri=" + encoded(scene.callback())));
    rows.put("GET " + all + "{id}", row(About.SUBSCRIPTION, 200, one));
    rows.put(
        "PATCH " + all + "{id}",
        row(About.SUBSCRIPTION, 200, one, JSON, scene -> "{\"merge\":true}"));
    rows.put("DELETE " + all + "{id}", row(About.SUBSCRIPTION, 200, one));
    String configuration = API + "/resources/{key}";
    rows.put(
        "GET " + configuration,
        row(About.THING, 200, scene -> API + "/resources/" + encoded(scene.list())));
    rows.put(
        "PUT " + configuration,
        row(
            About.OWN,
            201,
            scene -> API + "/resources/" + encoded("https://o.test/" + CALLBACKS.incrementAndGet()),
            JSON,
            scene -> "{\"kind\":\"collection\"}"));
  }

  private static void hooks(Map<String, Row> rows) {
    String all = "/{tenant}/hooks/";
    Function<MatrixScene, String> path = scene -> "/" + scene.tenant() + "/hooks/";
    Function<MatrixScene, String> one =
        scene -> path.apply(scene) + encoded(scene.callback()) + "/" + encoded(scene.uri());
    rows.put(
        "POST " + all,
        row(
            About.TENANT,
            201,
            path,
            FORM,
            scene ->
                "callback_uri="
                    + encoded(scene.callback() + "/new")
                    + "&uri="
                    + encoded(scene.uri())));
    rows.put("GET " + all, row(About.TENANT, 200, path));
    rows.put("GET " + all + "{callback}/{uri}", row(About.SUBSCRIPTION, 200, one));
    rows.put(
        "PATCH " + all + "{callback}/{uri}",
        row(About.SUBSCRIPTION, 200, one, JSON, scene -> STRICT));
    rows.put("DELETE " + all + "{callback}/{uri}", row(About.SUBSCRIPTION, 200, one));
  }

  private static void operators(Map<String, Row> rows) {
    String all = API + "/subscriptions";
    rows.put("GET " + all, row(About.OWN, 200, scene -> all));
    rows.put(
        "GET " + all + "/{id}", row(About.SUBSCRIPTION, 200, scene -> all + "/" + scene.alias()));
    rows.put(
        "POST " + all,
        row(
            About.OWN,
            201,
            scene -> all,
            JSON,
            scene ->
                "{\"resource\":\"%s\",\"callback_uri\":\"%s/new%d\",\"order\":\"strict\"}"
                    .formatted(scene.uri(), scene.callback(), CALLBACKS.incrementAndGet())));
    rows.put(
        "PATCH " + all + "/{id}",
        row(
            About.SUBSCRIPTION,
            200,
            scene -> all + "/" + scene.alias(),
            JSON,
            scene -> "{\"order\":\"strict\"}"));
    rows.put(
        "DELETE " + all + "/{id}",
        row(About.SUBSCRIPTION, 200, scene -> all + "/" + scene.alias()));
    rows.put(
        "GET " + all + "/{id}/deliveries",
        row(About.SUBSCRIPTION, 200, scene -> all + "/" + scene.alias() + "/deliveries"));
    rows.put(
        "POST " + all + "/{id}/redeliver",
        row(
            About.SUBSCRIPTION,
            202,
            scene -> all + "/" + scene.alias() + "/redeliver",
            JSON,
            scene -> "{\"update\":\"" + scene.update() + "\"}"));
    String dead = API + "/dead-letters";
    rows.put("GET " + dead, row(About.OWN, 200, scene -> dead));
    rows.put(
        "POST " + dead + "/{id}/redeliver",
        row(About.SUBSCRIPTION, 202, scene -> dead + "/" + scene.delivery() + "/redeliver"));
  }

  private static void accounts(Map<String, Row> rows) {
    String tenants = API + "/tenants";
    rows.put("GET " + tenants, row(About.OWN, 200, scene -> tenants));
    rows.put(
        "POST " + tenants,
        row(
            About.OWN,
            201,
            scene -> tenants,
            JSON,
            scene -> "{\"slug\":\"t%s\"}".formatted(scene.alias().substring(15))));
    rows.put(
        "GET " + tenants + "/{id}",
        row(About.THING, 200, scene -> tenants + "/" + scene.tenantId()));
    rows.put(
        "DELETE " + tenants + "/{id}",
        row(About.THING, 202, scene -> tenants + "/" + scene.tenantId()));
    String keys = API + "/keys";
    rows.put("GET " + keys, row(About.OWN, 200, scene -> keys));
    rows.put(
        "POST " + keys, row(About.OWN, 201, scene -> keys, JSON, scene -> "{\"role\":\"viewer\"}"));
    rows.put(
        "DELETE " + keys + "/{id}", row(About.THING, 204, scene -> keys + "/" + scene.keyId()));
    rows.put("GET " + API + "/audit", row(About.OWN, 200, scene -> API + "/audit"));
  }

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    untouched = MatrixScene.make(broker, DATABASE, true);
    String own = "/other/resources/" + encoded(untouched.uri());
    int made =
        broker
            .send(
                broker
                    .to(own, broker.key("other", Role.ORIGIN), "Content-Type", "text/plain")
                    .PUT(BodyPublishers.ofString("of the other tenant")))
            .statusCode();
    assertThat(made).isEqualTo(201);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  static Stream<String> operations() {
    return ROWS.keySet().stream();
  }

  private static Route route(String operation) {
    return broker.routes().stream()
        .filter(route -> operation.equals(route.method() + " " + route.template()))
        .findFirst()
        .orElseThrow();
  }

  private static Row wanted(String operation) {
    return Objects.requireNonNull(ROWS.get(operation));
  }

  private static HttpResponse<String> ask(
      String operation, MatrixScene scene, String key, String query) {
    Row row = wanted(operation);
    String path = row.fill().apply(scene);
    String extended = query.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + query;
    HttpRequest.Builder request =
        broker
            .to(extended, key, "X-Request-Id", "matrix")
            .header("Changes-Id", "after")
            .header("Previous-Changes-Id", "before");
    if (!row.type().isEmpty()) {
      request.header("Content-Type", row.type());
    }
    String body = row.body().apply(scene);
    return broker.send(
        request.method(
            operation.substring(0, operation.indexOf(' ')),
            body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  /** Status, body and every header but the date. */
  private static String whole(HttpResponse<String> answer) {
    Map<String, List<String>> headers = new HashMap<>(answer.headers().map());
    headers.remove("date");
    return answer.statusCode() + " " + new TreeMap<>(headers) + " " + answer.body();
  }

  private static MatrixScene scene(String operation) throws Exception {
    return MatrixScene.make(broker, DATABASE, operation.endsWith("/redeliver"));
  }

  @Test
  void everyRouteHasARow() {
    List<String> served = new ArrayList<>();
    broker.routes().forEach(route -> served.add(route.method() + " " + route.template()));

    assertThat(served).containsExactlyInAnyOrderElementsOf(ROWS.keySet());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void withoutAKeyOnlyWhatIsOpenAnswers(String operation) throws Exception {
    boolean open = wanted(operation).about() == About.NOTHING;

    assertThat(ask(operation, untouched, "", "").statusCode()).isEqualTo(open ? 200 : 401);

    untouched.assertIntact(DATABASE);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aKeyOfTheTenantDoesWhatItsRoleMay(String operation) throws Exception {
    // Given
    Route route = route(operation);
    Row row = wanted(operation);
    boolean open = row.about() == About.NOTHING;
    for (Role role : Role.values()) {
      boolean may = open || (route.roles().contains(role) && !route.everywhere());
      MatrixScene scene = may ? scene(operation) : untouched;

      // When
      HttpResponse<String> answer = ask(operation, scene, broker.key(role), "");

      // Then
      assertThat(answer.statusCode())
          .as(role + " " + answer.body())
          .isEqualTo(may ? row.allowed() : 403);
      if (!may) {
        scene.assertIntact(DATABASE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aForeignKeyCannotTellWhatThereIsFromWhatThereIsNot(String operation) throws Exception {
    // Given
    Row row = wanted(operation);
    Route route = route(operation);
    MatrixScene scene = untouched;
    MatrixScene unknown = MatrixScene.unknown(1);
    for (Role role : Role.values()) {
      String foreign = broker.key("other", role);

      // When
      HttpResponse<String> real = ask(operation, scene, foreign, "");
      HttpResponse<String> none = ask(operation, unknown, foreign, "");

      // Then
      boolean allowed = route.roles().contains(role) && !route.everywhere();
      switch (row.about()) {
        case NOTHING -> assertThat(real.statusCode()).isEqualTo(200);
        case OWN -> {
          assertThat(real.statusCode()).as(real.body()).isEqualTo(allowed ? row.allowed() : 403);
          if (!operation.startsWith("POST")) {
            assertThat(real.body()).doesNotContain(MatrixScene.MARK).doesNotContain(scene.alias());
          }
          assertForeignNameIsUnknown(operation, route, scene, foreign);
        }
        default -> {
          assertThat(whole(real)).isEqualTo(whole(none));
          assertThat(real.statusCode()).isEqualTo(route.ofTenant() || allowed ? 404 : 403);
        }
      }
    }
    scene.assertIntact(DATABASE);
  }

  private static void assertForeignNameIsUnknown(
      String operation, Route route, MatrixScene scene, String foreign) {
    HttpResponse<String> real = ask(operation, scene, foreign, "tenant=acme");
    HttpResponse<String> none = ask(operation, scene, foreign, "tenant=nobody");

    assertThat(whole(real)).isEqualTo(whole(none));
    assertThat(real.statusCode()).isEqualTo(route.everywhere() ? 403 : 404);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aConsumerOfAnotherLabelSeesNothingOfASubscription(String operation) throws Exception {
    // Given
    Row row = wanted(operation);
    if (!route(operation).roles().contains(Role.CONSUMER)) {
      return;
    }
    MatrixScene scene = scene(operation);
    String consumer = broker.key("acme", new KeyWish(Role.CONSUMER, Scope.TENANT, "shop", null));

    // When
    HttpResponse<String> answer = ask(operation, scene, consumer, "");

    // Then
    if (row.about() == About.SUBSCRIPTION) {
      MatrixScene none = MatrixScene.unknown(2);
      MatrixScene absent =
          new MatrixScene(
              scene.tenant(),
              scene.uri(),
              none.callback(),
              none.alias(),
              none.update(),
              none.delivery(),
              none.keyId(),
              none.tenantId());
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(whole(answer)).isEqualTo(whole(ask(operation, absent, consumer, "")));
      scene.assertIntact(DATABASE);
    } else {
      assertThat(answer.statusCode()).isEqualTo(row.allowed());
      assertThat(answer.body()).doesNotContain(scene.alias());
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aKeyForEveryTenantActsInTheOneItNames(String operation) throws Exception {
    // Given
    Row row = wanted(operation);
    Route route = route(operation);
    for (Role role : List.of(Role.OPERATOR, Role.VIEWER)) {
      String everywhere = key(role);
      boolean may = row.about() == About.NOTHING || route.roles().contains(role);
      MatrixScene scene = may ? scene(operation) : untouched;
      boolean named = !route.ofTenant() && !route.everywhere() && row.about() != About.NOTHING;

      // When
      HttpResponse<String> answer = ask(operation, scene, everywhere, named ? "tenant=acme" : "");

      // Then
      assertThat(answer.statusCode())
          .as(role + " " + answer.body())
          .isEqualTo(may ? row.allowed() : 403);
    }
  }

  private static String key(Role role) throws SQLException {
    return broker.key("other", new KeyWish(role, Scope.EVERYWHERE, "test", null));
  }
}
