package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.platform.Ids;
import io.livehook.platform.TestDatabase;
import io.livehook.security.KeyWish;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys and tenants over HTTP, and what the audit says of them. */
class KeysHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String KEYS = "/api/v1/keys";
  private static final String TENANTS = "/api/v1/tenants";
  private static final String JSON = "application/json";
  private static TestBroker broker;
  private static String operator;
  private static String everywhere;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    operator = broker.key(Role.OPERATOR);
    everywhere = broker.key("other", new KeyWish(Role.OPERATOR, Scope.EVERYWHERE, "", null));
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private static JsonObject create(String by, String wish) {
    HttpResponse<String> answer = broker.post(KEYS, by, JSON, wish);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    return json(answer);
  }

  private static JsonObject listed(String id) {
    JsonArray data = json(broker.get(KEYS + "?limit=200", operator)).getJsonArray("data");
    return data.stream()
        .map(JsonObject.class::cast)
        .filter(key -> key.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aKeyIsShownOnceWorksAndEndsWithinASecond() {
    // Given
    JsonObject made = create(operator, "{\"role\":\"viewer\",\"label\":\"für die Tafel\"}");
    String key = made.getString("key");
    String id = made.getString("id");
    assertThat(broker.get(KEYS, key).statusCode()).isEqualTo(200);
    assertThat(listed(id).getString("label")).isEqualTo("für die Tafel");
    assertThat(broker.get(KEYS, operator).body()).doesNotContain(key);

    // When
    assertThat(broker.delete(KEYS + "/" + id, operator).statusCode()).isEqualTo(204);

    // Then: also with a cached key in steady use
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMillis(1_100))
        .until(() -> broker.get(KEYS, key).statusCode() == 401);
    assertThat(broker.delete(KEYS + "/" + id, operator).statusCode()).isEqualTo(204);
    assertThat(listed(id).getString("revoked_at")).isNotNull();
  }

  @Test
  void aKeyEndsByItselfWhenItsTimeHasCome() {
    // Given
    JsonObject made =
        create(operator, "{\"role\":\"viewer\",\"expires_at\":\"2999-01-31T12:00:00+01:00\"}");
    assertThat(made.getString("expires_at")).isEqualTo("2999-01-31T11:00:00.000Z");
    assertThat(broker.get(KEYS, made.getString("key")).statusCode()).isEqualTo(200);

    // When: the time has come
    DATABASE.execute(
        "update api_key set expires_at = now() where public_id = '%s'"
            .formatted(Ids.parse(Ids.Kind.KEY, made.getString("id")).orElseThrow()));

    // Then
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMillis(1_100))
        .until(() -> broker.get(KEYS, made.getString("key")).statusCode() == 401);
  }

  @Test
  void theLastUseIsWrittenLater() throws Exception {
    // Given
    JsonObject made = create(operator, "{\"role\":\"viewer\"}");
    assertThat(broker.get(KEYS, made.getString("key")).statusCode()).isEqualTo(200);
    assertThat(listed(made.getString("id")).getString("last_used_at")).isNull();

    // When
    broker.keyUses.write().await(5, TimeUnit.SECONDS);

    // Then
    assertThat(listed(made.getString("id")).getString("last_used_at")).isNotNull();
  }

  @Test
  void everyFaultOfAWishIsNamed() {
    HttpResponse<String> answer =
        broker.post(
            KEYS,
            operator,
            JSON,
            "{\"role\":\"king\",\"scope\":\"*\",\"label\":\"a\\u0000\",\"expires_at\":\"soon\",\"x\":1}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).getJsonArray("errors").stream())
        .extracting(fault -> ((JsonObject) fault).getString("pointer"))
        .containsExactlyInAnyOrder("/role", "/scope", "/label", "/expires_at", "/x");
    assertThat(broker.post(KEYS, operator, JSON, "[]").statusCode()).isEqualTo(400);
    assertThat(
            broker
                .post(KEYS, everywhere, JSON, "{\"role\":\"origin\",\"scope\":\"*\"}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void keysForEveryTenantExistOnlyForEachOther() {
    // Given
    JsonObject global =
        json(
            broker.post(
                KEYS + "?tenant=acme", everywhere, JSON, "{\"role\":\"viewer\",\"scope\":\"*\"}"));
    String id = global.getString("id");

    // When, Then
    assertThat(broker.get(KEYS + "?limit=200", operator).body()).doesNotContain(id);
    assertThat(broker.delete(KEYS + "/" + id, operator).statusCode()).isEqualTo(404);
    assertThat(broker.get(TENANTS, global.getString("key")).statusCode()).isEqualTo(200);
    assertThat(broker.get(KEYS + "?limit=200&tenant=acme", everywhere).body()).contains(id);
    assertThat(broker.delete(KEYS + "/" + id + "?tenant=acme", everywhere).statusCode())
        .isEqualTo(204);
  }

  @Test
  void twoConsumersOfOneCallbackAreTwoSubscriptions() {
    // Given
    String uri = "https://o.test/labels";
    String callback = "http://127.0.0.1:1/labels";
    broker.put(uri, create(operator, "{\"role\":\"origin\"}").getString("key"), "x");
    String one = create(operator, "{\"role\":\"consumer\",\"label\":\"one\"}").getString("key");
    String two = create(operator, "{\"role\":\"consumer\",\"label\":\"two\"}").getString("key");
    String form = "callback_uri=" + encoded(callback);

    // When
    HttpResponse<String> first = broker.subscribe(uri, one, form);
    HttpResponse<String> second = broker.subscribe(uri, two, form);

    // Then
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(json(first).getString("alias")).isNotEqualTo(json(second).getString("alias"));
    assertThat(broker.subscribe(uri, one, form).statusCode()).isEqualTo(200);
    String element = TestBroker.subscriptions(uri) + encoded(callback);
    HttpResponse<String> ambiguous = broker.delete(element, operator);
    assertThat(ambiguous.statusCode()).isEqualTo(409);
    assertThat(json(ambiguous).getString("code")).isEqualTo("conflict");
    assertThat(broker.delete(element, one).statusCode()).isEqualTo(200);
    assertThat(broker.get(element, one).statusCode()).isEqualTo(410);
    assertThat(json(broker.get(element, two)).getString("label")).isEqualTo("two");
    assertThat(broker.get(element, operator).statusCode()).isEqualTo(200);
  }

  @Test
  void aTenantIsMadeOnceAndDeletedWithEverythingItSubscribed() throws Exception {
    // Given: a tenant with subscriptions on several lanes
    HttpResponse<String> made = broker.post(TENANTS, everywhere, JSON, "{\"slug\":\"doomed\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String id = json(made).getString("id");
    assertThat(broker.post(TENANTS, everywhere, JSON, "{\"slug\":\"doomed\"}").statusCode())
        .isEqualTo(409);
    assertThat(broker.post(TENANTS, everywhere, JSON, "{\"slug\":\"api\"}").statusCode())
        .isEqualTo(400);
    String origin = broker.key("doomed", Role.ORIGIN);
    String consumer = broker.key("doomed", Role.CONSUMER);
    for (int i = 0; i < 30; i++) {
      String resource = "/doomed/resources/" + encoded("https://o.test/doomed/" + i);
      assertThat(
              broker
                  .send(
                      broker
                          .to(resource, origin, "Content-Type", "text/plain")
                          .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("x")))
                  .statusCode())
          .isEqualTo(201);
      HttpResponse<String> subscribed =
          broker.post(
              resource + "/subscriptions/",
              consumer,
              "application/x-www-form-urlencoded",
              "callback_uri=" + encoded("http://127.0.0.1:1/" + i));
      assertThat(subscribed.statusCode()).isEqualTo(201);
    }

    // When
    assertThat(broker.delete(TENANTS + "/" + id, everywhere).statusCode()).isEqualTo(202);

    // Then: its keys are void, its name is taken, nobody finds it
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMillis(1_100))
        .until(
            () ->
                broker.get("/api/v1/subscriptions", consumer).statusCode() == 401
                    && broker.get("/api/v1/subscriptions?tenant=doomed", everywhere).statusCode()
                        == 404);
    assertThat(json(broker.get(TENANTS + "/" + id, everywhere)).getString("status"))
        .isEqualTo("deleting");

    // When: a broker that had stopped half-way goes on
    broker.removal.runOnce().await(20, TimeUnit.SECONDS);

    // Then
    assertThat(
            MatrixScene.one(
                DATABASE,
                "select string_agg(distinct status || ' ' || reason, ',') || count(*)"
                    + " from subscription s join tenant t on t.id = s.tenant_id"
                    + " where t.slug = 'doomed'"))
        .isEqualTo("ended tenant_deleted30");

    // When: nobody can know one of its keys any more
    DATABASE.execute(
        "update tenant set deleting_at = now() - interval '11 seconds' where slug = 'doomed'");
    broker.removal.runOnce().await(20, TimeUnit.SECONDS);

    // Then
    assertThat(json(broker.get(TENANTS + "/" + id, everywhere)).getString("status"))
        .isEqualTo("deleted");
  }

  @Test
  void theTenantOfTheKeyItselfStays() throws Exception {
    String own = MatrixScene.one(DATABASE, "select public_id from tenant where slug = 'other'");
    String id = Ids.text(Ids.Kind.TENANT, java.util.UUID.fromString(String.valueOf(own)));

    assertThat(broker.delete(TENANTS + "/" + id, everywhere).statusCode()).isEqualTo(409);
  }

  @Test
  void theAuditSaysWhoChangedWhatInWhichRequest() {
    // Given
    JsonObject made = create(operator, "{\"role\":\"consumer\",\"label\":\"audited\"}");
    String uri = "https://o.test/audited";
    broker.put(uri, create(operator, "{\"role\":\"origin\"}").getString("key"), "x");
    String form =
        "callback_uri=" + encoded("http://127.0.0.1:1/audited") + "&secret=a-canary-secret";
    String alias =
        json(broker.subscribe(uri, made.getString("key"), form, "X-Request-Id", "first"))
            .getString("alias");
    assertThat(
            broker
                .subscribe(
                    uri, made.getString("key"), form + "&order=strict", "X-Request-Id", "second")
                .statusCode())
        .isEqualTo(200);
    broker.delete("/acme/subscriptions/" + alias, made.getString("key"), "X-Request-Id", "third");

    // When
    HttpResponse<String> answer = broker.get("/api/v1/audit?subject=" + alias, operator);

    // Then
    assertThat(answer.body()).doesNotContain("a-canary-secret");
    JsonArray data = json(answer).getJsonArray("data");
    assertThat(data.stream().map(row -> ((JsonObject) row).getString("request_id")))
        .containsExactly("third", "second", "first");
    assertThat(data.stream().map(row -> ((JsonObject) row).getString("actor")))
        .containsOnly(made.getString("id"));
    JsonObject renewed = data.getJsonObject(1);
    assertThat(renewed.getString("action")).isEqualTo("subscription.renewed");
    assertThat(renewed.getJsonObject("before").getString("order")).isEqualTo("none");
    assertThat(renewed.getJsonObject("after").getString("order")).isEqualTo("strict");
    assertThat(renewed.getString("chain")).startsWith("lane/");
    JsonObject key =
        json(broker.get("/api/v1/audit?subject=" + made.getString("id"), operator))
            .getJsonArray("data")
            .getJsonObject(0);
    assertThat(key.getString("chain")).startsWith("tenant/");
    assertThat(key.getJsonObject("after").getString("label")).isEqualTo("audited");
  }
}
