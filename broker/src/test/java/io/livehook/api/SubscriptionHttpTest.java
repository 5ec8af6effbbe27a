package io.livehook.api;

import static io.livehook.api.TestBroker.array;
import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static io.livehook.api.TestBroker.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.Rule;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.livehook.security.Vault;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The value-callback collection, SUB-1 to SUB-9. */
class SubscriptionHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String CALLBACK = "http://127.0.0.1:9/in?k=7";
  private static final String FORM = "callback_uri=" + encoded(CALLBACK);
  private static final String ID = "http:%2F%2F127.0.0.1:9%2Fin%3Fk%3D7";
  private static TestBroker broker;
  private static String origin;
  private static String consumer;
  private String uri;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
    consumer = broker.key(Role.CONSUMER);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @BeforeEach
  void aResource() {
    uri = "https://o.test/s/" + COUNTER.incrementAndGet();
    broker.put(uri, origin, "x");
  }

  private static String collection(String uri) {
    return "https://broker.test" + resource(uri).replace("%3A", ":") + "/subscriptions/";
  }

  @Rule({"SUB-1", "SUB-2", "SUB-3"})
  @Test
  void aFormMakesASubscriptionThatShowsItsSecretOnce() {
    // When (SUB-2, SUB-3)
    HttpResponse<String> made = broker.subscribe(uri, consumer, FORM);

    // Then
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.headers().firstValue("Location")).contains(collection(uri) + ID);
    JsonObject json = json(made);
    String alias = json.getString("alias");
    assertThat(alias).startsWith("sub_");
    assertThat(made.headers().allValues("Link"))
        .containsExactly("<https://broker.test/acme/subscriptions/" + alias + ">; rel=\"self\"");
    assertThat(json.getString("id")).isEqualTo(ID);
    assertThat(json.getString("callback_uri")).isEqualTo(CALLBACK);
    assertThat(json.getString("resource")).isEqualTo(uri);
    assertThat(json.getString("status")).isEqualTo("active");
    assertThat(json.getString("secret")).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(json.getString("X-Hook-Secret")).isEqualTo(json.getString("secret"));
    assertThat(json.getString("created_at")).matches("20..-..-..T..:..:..\\....Z");
    assertThat(broker.get(subscriptions(uri) + ID, consumer).body()).doesNotContain("whsec_");
  }

  @Rule("SUB-2")
  @Test
  void aJsonObjectWithOptionsIsTakenEqually() {
    // When
    HttpResponse<String> made =
        broker.post(
            subscriptions(uri),
            consumer,
            "application/json; charset=utf-8",
            "{\"callback_uri\":\"http://127.0.0.1:9/j\",\"secret\":\"my own secret\","
                + "\"order\":\"strict\",\"max_in_flight\":4,\"retry_schedule\":\"5, 30\"}");

    // Then
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    JsonObject json = json(made);
    assertThat(json.getString("secret")).isEqualTo("my own secret");
    assertThat(json.getString("standard_webhooks_secret")).isEqualTo("whsec_bXkgb3duIHNlY3JldA==");
    assertThat(json.getString("order")).isEqualTo("strict");
    assertThat(json.getInteger("max_in_flight")).isEqualTo(4);
    assertThat(json.getString("retry_schedule")).isEqualTo("5,30");
  }

  @Rule({"SUB-6", "GAP-9"})
  @Test
  void aRepeatedPostChangesTheGivenOptionsAndKeepsTheSecret() throws Exception {
    // Given
    JsonObject first = json(broker.subscribe(uri, consumer, FORM + "&max_in_flight=3"));

    // When (SUB-6)
    HttpResponse<String> again = broker.subscribe(uri, consumer, FORM + "&order=strict");

    // Then
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.headers().firstValue("Location")).contains(collection(uri) + ID);
    assertThat(json(again).getString("alias")).isEqualTo(first.getString("alias"));
    assertThat(json(again).containsKey("secret")).isFalse();
    assertThat(json(again).getString("order")).isEqualTo("strict");
    assertThat(json(again).getInteger("max_in_flight")).isEqualTo(3);
    assertThat(storedSecret(first.getString("callback_uri"))).isEqualTo(first.getString("secret"));
    assertThat(array(broker.get(subscriptions(uri), consumer))).hasSize(1);
  }

  @Rule({"SUB-6", "GAP-9"})
  @Test
  void ofPostsAtTheSameTimeOneCreatesAndItsSecretStays() throws Exception {
    // When
    List<CompletableFuture<HttpResponse<String>>> posts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      posts.add(CompletableFuture.supplyAsync(() -> broker.subscribe(uri, consumer, FORM)));
    }
    List<HttpResponse<String>> answers = posts.stream().map(CompletableFuture::join).toList();

    // Then (SUB-6)
    List<HttpResponse<String>> created =
        answers.stream().filter(answer -> answer.statusCode() == 201).toList();
    assertThat(created).hasSize(1);
    assertThat(answers)
        .allMatch(answer -> answer.statusCode() == 201 || answer.statusCode() == 200);
    assertThat(storedSecret(CALLBACK)).isEqualTo(json(created.get(0)).getString("secret"));
  }

  private String storedSecret(String callback) throws Exception {
    try (var connection = DATABASE.connect();
        var statement =
            connection.prepareStatement(
                "select s.secret, s.tenant_id, s.label from subscription s join resource r on r.id"
                    + " = s.resource_id where r.uri = ? and s.callback = ?")) {
      statement.setString(1, uri);
      statement.setString(2, callback);
      var rows = statement.executeQuery();
      rows.next();
      return broker.opened(
          rows.getString(1), new Vault.Place(rows.getLong(2), uri, rows.getString(3), callback));
    }
  }

  @Rule("SUB-3")
  @Test
  void preferReturnMinimalGivesAnEmptyBody() {
    // When (SUB-3)
    HttpResponse<String> made = broker.subscribe(uri, consumer, FORM, "Prefer", "return=minimal");
    HttpResponse<String> ended =
        broker.delete(subscriptions(uri) + ID, consumer, "Prefer", "return=minimal");

    // Then
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.body()).isEmpty();
    assertThat(made.headers().firstValue("Content-Length")).contains("0");
    assertThat(made.headers().firstValue("Preference-Applied")).contains("return=minimal");
    assertThat(ended.statusCode()).isEqualTo(204);
  }

  @Rule("SUB-4")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:%2F%2F127.0.0.1:9%2Fin%3Fk%3D7",
        "http%3A%2F%2F127.0.0.1%3A9%2Fin%3Fk%3D7",
        "http%3a%2f%2f127.0.0.1%3a9%2fin%3fk%3d7"
      })
  void everyEncodingNamesTheSameSubscription(String id) {
    // Given
    broker.subscribe(uri, consumer, FORM);

    // When (SUB-4)
    HttpResponse<String> found = broker.get(subscriptions(uri) + id, consumer);

    // Then
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(json(found).getString("id")).isEqualTo(ID);
  }

  @Rule({"SUB-4", "GAP-14"})
  @Test
  void theAliasWorksAsElementAndOnItsOwn() {
    // Given
    String alias = json(broker.subscribe(uri, consumer, FORM)).getString("alias");
    String other = "https://o.test/s/" + COUNTER.incrementAndGet();
    broker.put(other, origin, "x");

    // When, Then (SUB-4)
    assertThat(json(broker.get(subscriptions(uri) + alias, consumer)).getString("id"))
        .isEqualTo(ID);
    assertThat(json(broker.get("/acme/subscriptions/" + alias, consumer)).getString("id"))
        .isEqualTo(ID);
    assertThat(broker.get(subscriptions(other) + alias, consumer).statusCode()).isEqualTo(404);
    assertThat(broker.get("/acme/subscriptions/sub_nonsense", consumer).statusCode())
        .isEqualTo(404);
  }

  @Rule("SUB-5")
  @Test
  void unsubscribingIsIdempotentAndLeavesATombstone() {
    // Given
    String alias = json(broker.subscribe(uri, consumer, FORM)).getString("alias");

    // When (SUB-5)
    HttpResponse<String> first = broker.delete(subscriptions(uri) + ID, consumer);
    HttpResponse<String> second = broker.delete(subscriptions(uri) + ID, consumer);
    HttpResponse<String> byAlias = broker.delete("/acme/subscriptions/" + alias, consumer);
    HttpResponse<String> byQuery =
        broker.delete(subscriptions(uri) + "?callback_uri=" + encoded(CALLBACK), consumer);
    HttpResponse<String> tombstone = broker.get(subscriptions(uri) + ID, consumer);

    // Then
    assertThat(List.of(first, second, byAlias, byQuery))
        .allMatch(answer -> answer.statusCode() == 200)
        .extracting(HttpResponse::body)
        .containsOnly(first.body());
    assertThat(json(first).getString("status")).isEqualTo("ended");
    assertThat(json(first).getString("reason")).isEqualTo("unsubscribed");
    assertThat(tombstone.statusCode()).isEqualTo(410);
    assertThat(json(tombstone).getString("detail")).contains("unsubscribed");
    assertThat(array(broker.get(subscriptions(uri), consumer))).isEmpty();
    assertThat(array(broker.get(subscriptions(uri) + "?status=ended", consumer))).hasSize(1);
  }

  @Rule("SUB-5")
  @Test
  void anIdThatNeverExistedIs404() {
    assertThat(broker.delete(subscriptions(uri) + ID, consumer).statusCode()).isEqualTo(404);
    assertThat(broker.get(subscriptions(uri) + "nonsense", consumer).statusCode()).isEqualTo(404);
    assertThat(broker.get(subscriptions(uri) + "a%00b", consumer).statusCode()).isEqualTo(404);
    assertThat(
            broker
                .delete(subscriptions(uri) + "?callback_uri=http:%2F%2Fx.test%2F", consumer)
                .statusCode())
        .isEqualTo(404);
    assertThat(broker.delete(subscriptions(uri), consumer).statusCode()).isEqualTo(400);
  }

  @Rule("SUB-6")
  @Test
  void afterAnEndAPostIsANewSubscription() {
    // Given
    JsonObject before = json(broker.subscribe(uri, consumer, FORM));
    broker.delete(subscriptions(uri) + ID, consumer);

    // When (SUB-6)
    HttpResponse<String> made = broker.subscribe(uri, consumer, FORM);

    // Then
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(json(made).getString("alias")).isNotEqualTo(before.getString("alias"));
    assertThat(json(made).getString("secret")).isNotEqualTo(before.getString("secret"));
    assertThat(broker.get(subscriptions(uri) + ID, consumer).statusCode()).isEqualTo(200);
  }

  @Rule({"SUB-7", "GAP-11"})
  @Test
  void theListIsPagedAndFiltered() {
    // Given
    for (int i = 0; i < 5; i++) {
      broker.subscribe(uri, consumer, "callback_uri=" + encoded("http://127.0.0.1:9/" + i));
    }

    // When (SUB-7)
    HttpResponse<String> first = broker.get(subscriptions(uri) + "?limit=3", consumer);
    String next = first.headers().firstValue("Link").orElseThrow();
    String query = next.substring(next.indexOf('?'), next.indexOf('>'));
    HttpResponse<String> second = broker.get(subscriptions(uri) + query, consumer);
    HttpResponse<String> filtered =
        broker.get(subscriptions(uri) + "?callback_uri=http:%2F%2F127.0.0.1:9%2F4", consumer);

    // Then
    assertThat(array(first)).hasSize(3);
    assertThat(array(second)).hasSize(2);
    assertThat(second.headers().firstValue("Link")).isEmpty();
    assertThat(array(filtered)).hasSize(1);
    assertThat(array(filtered).getJsonObject(0).getString("id"))
        .isEqualTo("http:%2F%2F127.0.0.1:9%2F4");
    assertThat(broker.get(subscriptions(uri) + query + "&status=ended", consumer).statusCode())
        .as("a cursor is bound to its filter")
        .isEqualTo(400);
    assertThat(broker.get(subscriptions(uri) + "?limit=0&status=odd&x=1", consumer).statusCode())
        .isEqualTo(400);
  }

  @Rule("SUB-9")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "relative/path",
        "//host/path",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "http://user:secret@127.0.0.1/x",
        "http://127.0.0.1/x#fragment",
        "http:///nohost",
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1/\u0000"
      })
  void aCallbackThatCannotBePostedToIsRefused(String callback) {
    // When (SUB-9)
    HttpResponse<String> form =
        broker.subscribe(uri, consumer, "callback_uri=" + encoded(callback));
    HttpResponse<String> json =
        broker.post(
            subscriptions(uri),
            consumer,
            "application/json",
            new JsonObject().put("callback_uri", callback).encode());

    // Then
    for (HttpResponse<String> answer : List.of(form, json)) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).getJsonArray("errors")).isNotEmpty();
    }
  }

  @Rule("SUB-9")
  @Test
  void everyFaultIsListedAtOnce() {
    // When (SUB-9)
    HttpResponse<String> answer =
        broker.subscribe(
            uri,
            consumer,
            "callback_uri=ftp://u:p@127.0.0.1/x%23f&max_in_flight=-1&order=sideways"
                + "&retry_schedule=soon&lease_seconds=60&secret=x&order=none&bad=%zz");

    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).getJsonArray("errors").stream().map(JsonObject.class::cast))
        .extracting(fault -> fault.getString("pointer"))
        .contains(
            "callback_uri", "max_in_flight", "order", "retry_schedule", "lease_seconds", "secret")
        .hasSizeGreaterThanOrEqualTo(8);
  }

  @Test
  void aRepeatedOrMissingCallbackAndBrokenJsonAreRefused() {
    for (String form : List.of("", "order=none", FORM + "&" + FORM, FORM + "&url=http://x.test/")) {
      assertThat(broker.subscribe(uri, consumer, form).statusCode()).as(form).isEqualTo(400);
    }
    for (String json :
        List.of("", "[]", "{", "{\"callback_uri\":1.5}", "{\"callback_uri\":\"a\"} {}")) {
      assertThat(broker.post(subscriptions(uri), consumer, "application/json", json).statusCode())
          .as(json)
          .isEqualTo(400);
    }
  }

  @Rule("SUB-2")
  @Test
  void otherPlatformsNamesOfTheCallbackAreKnown() {
    assertThat(
            broker
                .post(
                    subscriptions(uri),
                    consumer,
                    "application/json",
                    "{\"target_url\":\"http://127.0.0.1:9/zap\",\"event\":\"new\"}")
                .statusCode())
        .isEqualTo(201);
  }

  @Rule("SUB-9")
  @Test
  void anotherMediaTypeIs415AndALongBody413() {
    assertThat(broker.post(subscriptions(uri), consumer, "text/plain", FORM).statusCode())
        .isEqualTo(415);
    assertThat(broker.subscribe(uri, consumer, FORM + "x".repeat(70_000)).statusCode())
        .isEqualTo(413);
    assertThat(broker.subscribe(uri, consumer, FORM + "x".repeat(8_200)).statusCode())
        .isEqualTo(400);
  }

  @Rule("SUB-9")
  @Test
  void anUnknownResourceIs404AndAForbiddenAddress422() {
    assertThat(broker.subscribe(uri + "/no", consumer, FORM).statusCode()).isEqualTo(404);
    HttpResponse<String> metadata =
        broker.subscribe(uri, consumer, "callback_uri=http://169.254.169.254/latest");
    assertThat(metadata.statusCode()).isEqualTo(422);
    assertThat(json(metadata).getString("code")).isEqualTo("callback_forbidden");
  }

  @Test
  void anOperatorWhoEndsASubscriptionIsNamedAsTheReason() throws Exception {
    // Given
    broker.subscribe(uri, consumer, FORM);

    // When
    HttpResponse<String> ended = broker.delete(subscriptions(uri) + ID, broker.key(Role.OPERATOR));

    // Then
    assertThat(json(ended).getString("reason")).isEqualTo("operator");
  }
}
