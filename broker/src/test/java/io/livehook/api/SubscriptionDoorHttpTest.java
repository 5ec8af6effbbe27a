package io.livehook.api;

import static io.livehook.api.TestBroker.array;
import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.Rule;
import io.livehook.platform.TestDatabase;
import io.livehook.security.KeyWish;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The JSON door of the same subscriptions: SUB-4, SUB-5, SUB-6, SUB-9. */
class SubscriptionDoorHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String ALL = "/api/v1/subscriptions";
  private static final String CALLBACK = "http://127.0.0.1:9/in?k=7";
  private static TestBroker broker;
  private static String origin;
  private static String consumer;
  private static String operator;
  private String uri;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
    consumer = broker.key(Role.CONSUMER);
    operator = broker.key(Role.OPERATOR);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @BeforeEach
  void aResource() {
    uri = "https://o.test/door/" + COUNTER.incrementAndGet();
    broker.put(uri, origin, "x");
  }

  private JsonObject wish() {
    return new JsonObject().put("resource", uri).put("callback_uri", CALLBACK);
  }

  private static HttpResponse<String> post(JsonObject wish) {
    return broker.post(ALL, consumer, "application/json", wish.encode());
  }

  private String subscribed() {
    HttpResponse<String> made = post(wish());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return json(made).getString("id");
  }

  private static JsonObject inspected(String id) {
    return json(broker.get(ALL + "/" + id, consumer));
  }

  private static String etag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private static Stream<String> pointers(HttpResponse<String> answer) {
    return json(answer).getJsonArray("errors").stream()
        .map(JsonObject.class::cast)
        .map(fault -> fault.getString("pointer") + " " + fault.getString("code"));
  }

  // --- POST ---

  @Test
  void aSubscriptionMadeHereIsTheOneInTheCollectionOfItsResource() {
    // When (SUB-4)
    HttpResponse<String> made = post(wish().put("mode", "value").put("order", "strict"));

    // Then
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String id = json(made).getString("id");
    assertThat(id).startsWith("sub_");
    assertThat(made.headers().firstValue("Location"))
        .contains("https://broker.test" + ALL + "/" + id);
    assertThat(made.headers().allValues("Link"))
        .containsExactly("<https://broker.test/acme/subscriptions/" + id + ">; rel=\"self\"");
    assertThat(json(made).getString("secret")).startsWith("whsec_");
    JsonObject listed = array(broker.get(subscriptions(uri), consumer)).getJsonObject(0);
    assertThat(listed.getString("alias")).isEqualTo(id);
    assertThat(listed.getString("order")).isEqualTo("strict");
  }

  @Test
  void aRepeatedPostAtEitherDoorIsTheSameSubscription() {
    // Given
    String id = subscribed();

    // When (SUB-6)
    HttpResponse<String> here = post(wish().put("max_in_flight", 3));
    HttpResponse<String> there =
        broker.subscribe(uri, consumer, "callback_uri=" + encoded(CALLBACK));

    // Then
    assertThat(here.statusCode()).isEqualTo(200);
    assertThat(json(here).getString("id")).isEqualTo(id);
    assertThat(json(here).containsKey("secret")).isFalse();
    assertThat(there.statusCode()).isEqualTo(200);
    assertThat(json(there).getString("alias")).isEqualTo(id);
    assertThat(json(there).getInteger("max_in_flight")).isEqualTo(3);
  }

  @Test
  void everyFaultOfAPostIsNamedAndNothingIsMade() {
    // When (SUB-9)
    HttpResponse<String> refused =
        broker.post(
            ALL,
            consumer,
            "application/json",
            "{\"resource\":\"no-uri\",\"callback_uri\":\"ftp://x\",\"mode\":\"hints\","
                + "\"order\":\"some\",\"color\":\"red\"}");

    // Then
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(pointers(refused))
        .contains(
            "/resource not_absolute",
            "/callback_uri callback",
            "/mode value",
            "/order value",
            "/color unknown");
    assertThat(pointers(post(new JsonObject())))
        .containsExactlyInAnyOrder("/resource missing", "/callback_uri missing");
    assertThat(pointers(broker.post(ALL, consumer, "application/json", "{\"order\":\"some\"")))
        .containsExactly("/ malformed");
    assertThat(array(broker.get(subscriptions(uri), consumer))).isEmpty();
  }

  @Test
  void whatIsNoJsonIsRefusedAndWhatIsNotThereIsNotFound() {
    assertThat(broker.post(ALL, consumer, "text/plain", "x").statusCode()).isEqualTo(415);
    assertThat(post(wish().put("resource", "https://o.test/door/none")).statusCode())
        .isEqualTo(404);
    assertThat(broker.post(ALL, origin, "application/json", wish().encode()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void aListIsNarrowedToCallbackResourceAndStatus() {
    // Given
    String id = subscribed();
    String other = json(post(wish().put("callback_uri", "http://127.0.0.1:9/o"))).getString("id");
    broker.delete(ALL + "/" + other, consumer);
    String narrowed = ALL + "?resource=" + encoded(uri);

    // When, Then
    assertThat(ids(narrowed)).containsExactly(id);
    assertThat(ids(narrowed + "&status=ended")).containsExactly(other);
    assertThat(ids(narrowed + "&callback_uri=" + encoded(CALLBACK))).containsExactly(id);
    assertThat(ids(narrowed + "&callback_uri=" + encoded("http://127.0.0.1:9/o"))).isEmpty();
  }

  private static List<String> ids(String list) {
    return json(broker.get(list, consumer)).getJsonArray("data").stream()
        .map(each -> ((JsonObject) each).getString("id"))
        .toList();
  }

  // --- PATCH ---

  @Rule("GAP-10")
  @Test
  void aPatchChangesWhatIsGivenAndKeepsTheRest() throws Exception {
    // Given
    String id = json(post(wish().put("retry_schedule", "7"))).getString("id");

    // When
    HttpResponse<String> patched =
        broker.patch(ALL + "/" + id, consumer, "{\"order\":\"strict\",\"max_in_flight\":5}");

    // Then
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    JsonObject now = json(patched);
    assertThat(now.getString("order")).isEqualTo("strict");
    assertThat(now.getInteger("max_in_flight")).isEqualTo(5);
    assertThat(now.getString("retry_schedule")).isEqualTo("7");
    assertThat(now.containsKey("secret")).isFalse();
    JsonObject seen = inspected(id);
    now.fieldNames()
        .forEach(field -> assertThat(seen.getValue(field)).isEqualTo(now.getValue(field)));
    assertThat(audited(id)).isEqualTo("subscription.created,subscription.changed");
  }

  private static String audited(String id) throws Exception {
    return String.join(
        ",",
        json(broker.get("/api/v1/audit?limit=100&subject=" + id, operator))
            .getJsonArray("data")
            .stream()
            .map(each -> ((JsonObject) each).getString("action"))
            .toList()
            .reversed());
  }

  @Test
  void aPatchWithTheTagOfAnOlderStateIsRefusedAndChangesNothing() {
    // Given
    String id = subscribed();
    String path = ALL + "/" + id;
    String old = etag(broker.get(path, consumer));
    HttpResponse<String> first =
        broker.patch(path, consumer, "{\"max_in_flight\":2}", "If-Match", old);

    // When
    HttpResponse<String> stale =
        broker.patch(path, consumer, "{\"max_in_flight\":9}", "If-Match", old);

    // Then
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(etag(first)).isNotEqualTo(old).isEqualTo(etag(broker.get(path, consumer)));
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(inspected(id).getInteger("max_in_flight")).isEqualTo(2);
    assertThat(
            broker
                .patch(path, consumer, "{\"max_in_flight\":9}", "If-Match", etag(first))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void ofPatchesAtOnceWithOneTagOneWins() {
    // Given
    String path = ALL + "/" + subscribed();
    String tag = etag(broker.get(path, consumer));

    // When
    List<Integer> statuses =
        atOnce(
            8,
            n ->
                broker.patch(
                    path, consumer, "{\"max_in_flight\":%d}".formatted(n + 2), "If-Match", tag));

    // Then
    assertThat(statuses).containsOnly(200, 412).containsOnlyOnce(200);
  }

  @Test
  void ofPatchesOfDifferentOptionsAtOnceNoneIsLost() {
    // Given
    String id = subscribed();
    List<String> changes =
        List.of("\"order\":\"strict\"", "\"max_in_flight\":8", "\"retry_schedule\":\"4,5\"");

    // When
    List<Integer> statuses =
        atOnce(3, n -> broker.patch(ALL + "/" + id, consumer, "{" + changes.get(n) + "}"));

    // Then
    assertThat(statuses).containsOnly(200);
    JsonObject now = inspected(id);
    assertThat(now.getString("order")).isEqualTo("strict");
    assertThat(now.getInteger("max_in_flight")).isEqualTo(8);
    assertThat(now.getString("retry_schedule")).isEqualTo("4,5");
  }

  private static List<Integer> atOnce(
      int many, java.util.function.IntFunction<HttpResponse<String>> ask) {
    List<CompletableFuture<Integer>> asked =
        IntStream.range(0, many)
            .mapToObj(n -> CompletableFuture.supplyAsync(() -> ask.apply(n).statusCode()))
            .toList();
    return asked.stream().map(CompletableFuture::join).toList();
  }

  @Rule("GAP-10")
  @Test
  void everyFaultOfAPatchIsNamedAndTheStateStays() {
    // Given
    String id = subscribed();
    JsonObject before = inspected(id);

    // When (SUB-9)
    HttpResponse<String> refused =
        broker.patch(
            ALL + "/" + id,
            consumer,
            "{\"order\":\"some\",\"max_in_flight\":0,\"hold\":\"yes\",\"color\":\"red\","
                + "\"callback_uri\":\"https://x.test/\",\"secret\":\"short\"}");

    // Then
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(pointers(refused))
        .containsExactlyInAnyOrder(
            "/order value",
            "/max_in_flight value",
            "/hold type",
            "/hold conflict",
            "/color unknown",
            "/callback_uri fixed",
            "/secret value");
    assertThat(inspected(id)).isEqualTo(before);
    assertThat(
            pointers(
                broker.patch(ALL + "/" + id, consumer, "{\"hold\":true,\"order\":\"strict\"}")))
        .containsExactly("/hold conflict");
    assertThat(
            broker
                .send(
                    broker
                        .to(ALL + "/" + id, consumer, "Content-Type", "text/plain")
                        .method("PATCH", java.net.http.HttpRequest.BodyPublishers.ofString("x")))
                .statusCode())
        .isEqualTo(415);
  }

  @Test
  void aHoldIsOneRowAndItsEndLeavesItToCatchUp() throws Exception {
    // Given
    String id = subscribed();
    String path = ALL + "/" + id;

    // When
    HttpResponse<String> held = broker.patch(path, consumer, "{\"hold\":true}");
    HttpResponse<String> again = broker.patch(path, consumer, "{\"hold\":true}");

    // Then
    assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
    assertThat(json(held).getBoolean("hold")).isTrue();
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(etag(again)).isEqualTo(etag(held));
    assertThat(inspected(id).getJsonObject("behind").getString("reason")).isEqualTo("held");

    // When
    HttpResponse<String> released = broker.patch(path, consumer, "{\"hold\":false}");

    // Then
    assertThat(json(released).getBoolean("hold")).isFalse();
    assertThat(inspected(id).getBoolean("hold")).isFalse();
    assertThat(audited(id))
        .isEqualTo("subscription.created,subscription.held,subscription.released");
  }

  @Test
  void holdsAndTheirEndsAtOnceAreEachAnswered() {
    // Given
    String path = ALL + "/" + subscribed();

    // When
    List<Integer> statuses =
        atOnce(12, n -> broker.patch(path, consumer, "{\"hold\":%s}".formatted(n % 2 == 0)));

    // Then
    assertThat(statuses).containsOnly(200);
    assertThat(json(broker.patch(path, consumer, "{\"hold\":false}")).getBoolean("hold")).isFalse();
  }

  @Test
  void anOperatorChangesASubscriptionOfAnotherLabelAndItKeepsItsLabel() throws Exception {
    // Given
    String shop = broker.key("acme", new KeyWish(Role.CONSUMER, Scope.TENANT, "shop", null));
    String id = json(broker.post(ALL, shop, "application/json", wish().encode())).getString("id");

    // When
    HttpResponse<String> patched = broker.patch(ALL + "/" + id, operator, "{\"max_in_flight\":6}");

    // Then
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    assertThat(json(patched).getString("label")).isEqualTo("shop");
    assertThat(json(patched).getString("id")).isEqualTo(id);
    assertThat(json(patched).getInteger("max_in_flight")).isEqualTo(6);
  }

  // --- DELETE ---

  @Test
  void anEndedSubscriptionIsGoneForAPatchAndDeletedAgainWithTheSameAnswer() {
    // Given
    String path = ALL + "/" + subscribed();

    // When (SUB-5)
    HttpResponse<String> first = broker.delete(path, consumer);
    HttpResponse<String> second = broker.delete(path, consumer);

    // Then
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(json(first).getString("status")).isEqualTo("ended");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(broker.patch(path, consumer, "{\"order\":\"strict\"}").statusCode()).isEqualTo(410);
    assertThat(broker.patch(path, consumer, "{\"hold\":true}").statusCode()).isEqualTo(410);
    assertThat(broker.delete(path, consumer, "Prefer", "return=minimal").statusCode())
        .isEqualTo(204);
    assertThat(json(broker.get(path, consumer)).getString("status")).isEqualTo("ended");
  }

  @Test
  void ofAPatchAndAnEndAtOnceTheEndStays() {
    for (int i = 0; i < 20; i++) {
      // Given
      String path =
          ALL + "/" + json(post(wish().put("callback_uri", CALLBACK + i))).getString("id");

      // When
      List<Integer> statuses =
          atOnce(
              2,
              n ->
                  n == 0
                      ? broker.patch(path, consumer, "{\"max_in_flight\":9}")
                      : broker.delete(path, consumer));

      // Then
      assertThat(statuses.get(0)).isIn(200, 410);
      assertThat(statuses.get(1)).isEqualTo(200);
      assertThat(json(broker.get(path, consumer)).getString("status")).isEqualTo("ended");
    }
    assertThat(array(broker.get(subscriptions(uri), consumer))).isEmpty();
  }
}
