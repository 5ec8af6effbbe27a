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
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Subscribing to changes, at all of the doors; multiplex-callbacks: SUB-1, SUB-8, SUB-9, GAP-20.
 */
class HooksHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String CALLBACK = "http://127.0.0.1:9/hook?k=1";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";
  private static TestBroker broker;
  private static String origin;
  private static String consumer;
  private String object;
  private String list;

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
  void resources() {
    int number = COUNTER.incrementAndGet();
    object = "https://o.test/object/" + number;
    list = "https://o.test/list/" + number;
    broker.put(object, origin, "x");
    broker.post(resource(list) + "/changes", origin, JSON, "[1]", "Changes-Id", "c1");
  }

  private static HttpResponse<String> hook(String uri) {
    return broker.post(
        "/acme/hooks/",
        consumer,
        FORM,
        "callback_uri=" + encoded(CALLBACK) + "&uri=" + encoded(uri));
  }

  /** As we write it: colons as they are. */
  private static String ours(String uri) {
    return "https://broker.test" + resource(uri).replace("%3A", ":");
  }

  private static String path(HttpResponse<String> made) {
    String location = made.headers().firstValue("Location").orElseThrow();
    return location.substring("https://broker.test".length());
  }

  private static HttpResponse<String> changes(String uri, String form) {
    return broker.post(resource(uri) + "/changes-subscriptions/", consumer, FORM, form);
  }

  // --- changes-callback ---

  @Rule({"SUB-1", "GAP-6"})
  @Test
  void theChangesOfACollectionAreSubscribedInACollectionOfTheirOwn() {
    // When
    HttpResponse<String> made = changes(list, "callback_uri=" + encoded(CALLBACK));
    HttpResponse<String> value =
        broker.subscribe(list, consumer, "callback_uri=" + encoded(CALLBACK));

    // Then
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(value.statusCode()).isEqualTo(201);
    assertThat(path(made)).startsWith(ours(list).substring("https://broker.test".length()));
    assertThat(path(made)).contains("/changes-subscriptions/");
    assertThat(json(made).getString("mode")).isEqualTo("changes");
    assertThat(json(made).getString("order")).isEqualTo("strict");
    assertThat(json(made).getBoolean("merge")).isFalse();
    assertThat(json(value).getString("mode")).isEqualTo("value");
    assertThat(json(value).containsKey("merge")).isFalse();
    assertThat(json(broker.get(path(made), consumer)).getString("alias"))
        .isEqualTo(json(made).getString("alias"));
    assertThat(array(broker.get(resource(list) + "/changes-subscriptions/", consumer))).hasSize(1);
    assertThat(array(broker.get(subscriptions(list), consumer))).hasSize(1);
    String alias = json(made).getString("alias");
    assertThat(broker.get(subscriptions(list) + alias, consumer).statusCode()).isEqualTo(404);
    assertThat(broker.delete(path(made), consumer).statusCode()).isEqualTo(200);
    assertThat(broker.get(path(made), consumer).statusCode()).isEqualTo(410);
    assertThat(array(broker.get(subscriptions(list), consumer))).hasSize(1);
  }

  @Rule("SUB-9")
  @Test
  void anObjectHasNoChangesToSubscribeTo() {
    assertThat(changes(object, "callback_uri=" + encoded(CALLBACK)).statusCode()).isEqualTo(404);
    assertThat(
            broker
                .subscribe(object, consumer, "callback_uri=" + encoded(CALLBACK) + "&merge=true")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void theJsonDoorSubscribesChangesAndAPatchTakesTheScheduleBack() {
    // Given
    String wish =
        new JsonObject()
            .put("resource", list)
            .put("callback_uri", CALLBACK)
            .put("mode", "changes")
            .put("retry_schedule", "5,10")
            .encode();
    HttpResponse<String> made = broker.post("/api/v1/subscriptions", consumer, JSON, wish);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);

    // When
    HttpResponse<String> patched =
        broker.patch(path(made), consumer, "{\"retry_schedule\":null,\"merge\":true}");

    // Then
    assertThat(json(made).getString("mode")).isEqualTo("changes");
    assertThat(json(made).getString("retry_schedule")).isEqualTo("5,10");
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    assertThat(json(patched).getString("retry_schedule")).isNull();
    assertThat(json(patched).getBoolean("merge")).isTrue();
    assertThat(json(patched).getString("order")).isEqualTo("strict");
    assertThat(broker.patch(path(made), consumer, "{\"order\":null}").statusCode()).isEqualTo(400);
  }

  @Rule("GAP-10")
  @Test
  void theElementAndTheAliasArePatchedLikeInTheApi() {
    // Given
    HttpResponse<String> made =
        broker.subscribe(object, consumer, "callback_uri=" + encoded(CALLBACK));
    String alias = "/acme/subscriptions/" + json(made).getString("alias");
    String tag = broker.get(alias, consumer).headers().firstValue("ETag").orElseThrow();

    // When
    HttpResponse<String> element =
        broker.patch(path(made), consumer, "{\"order\":\"strict\"}", "If-Match", tag);
    HttpResponse<String> stale =
        broker.patch(alias, consumer, "{\"order\":\"none\"}", "If-Match", tag);
    HttpResponse<String> held = broker.patch(alias, consumer, "{\"hold\":true}");

    // Then
    assertThat(element.statusCode()).as(element.body()).isEqualTo(200);
    assertThat(json(element).getString("id")).isEqualTo(json(made).getString("id"));
    assertThat(json(element).getString("order")).isEqualTo("strict");
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(json(held).getBoolean("hold")).isTrue();
    assertThat(broker.patch(path(made), consumer, "{\"merge\":true}").statusCode()).isEqualTo(400);
    assertThat(broker.patch(path(made), consumer, "{\"callback_uri\":\"http://x/\"}").statusCode())
        .isEqualTo(400);
  }

  // --- multiplex-callbacks ---

  @Rule({"SUB-8", "GAP-20"})
  @Test
  void oneCallbackFollowsManyResourcesAndTheirChanges() {
    // Given
    String link =
        broker.get(resource(list), consumer).headers().allValues("Link").stream()
            .filter(each -> each.endsWith("; rel=changes"))
            .findFirst()
            .orElseThrow();

    // When
    HttpResponse<String> value = hook(ours(object));
    HttpResponse<String> relative = hook("../resources/" + ours(list).substring(35));
    HttpResponse<String> changes = hook(link.substring(1, link.indexOf('>')));
    HttpResponse<String> again = hook(ours(list) + "/changes");
    HttpResponse<String> canonical = hook(object);

    // Then
    for (HttpResponse<String> each : List.of(value, relative, changes)) {
      assertThat(each.statusCode()).as(each.body()).isEqualTo(201);
    }
    assertThat(path(value))
        .isEqualTo(
            "/acme/hooks/"
                + encoded(CALLBACK).replace("%3A", ":")
                + "/"
                + encoded(ours(object)).replace("%3A", ":"));
    assertThat(path(changes)).endsWith(encoded(ours(list) + "/changes").replace("%3A", ":"));
    assertThat(json(changes).getString("mode")).isEqualTo("changes");
    assertThat(json(relative).getString("resource")).isEqualTo(list);
    assertThat(json(relative).getString("mode")).isEqualTo("value");
    assertThat(List.of(again.statusCode(), canonical.statusCode())).containsExactly(200, 200);
    assertThat(path(again)).isEqualTo(path(changes));
    assertThat(path(canonical)).isEqualTo(path(value));
    assertThat(array(broker.get(subscriptions(object), consumer))).hasSize(1);
    assertThat(
            array(
                broker.get(
                    "/acme/hooks/?callback_uri=" + encoded(CALLBACK) + "&uri=" + encoded(object),
                    consumer)))
        .hasSize(1);
  }

  @Rule("SUB-8")
  @Test
  void aHookIsReadChangedAndEndedByCallbackAndResource() {
    // Given
    HttpResponse<String> made = hook(object);
    String encodedTwice = path(made).replace(":", "%3a");

    // When, Then
    assertThat(json(broker.get(encodedTwice, consumer)).getString("alias"))
        .isEqualTo(json(made).getString("alias"));
    assertThat(broker.patch(path(made), consumer, "{\"order\":\"strict\"}").statusCode())
        .isEqualTo(200);
    assertThat(json(broker.get(path(made), consumer)).getString("order")).isEqualTo("strict");
    assertThat(broker.delete(path(made), consumer).statusCode()).isEqualTo(200);
    assertThat(broker.delete(path(made), consumer).statusCode()).isEqualTo(200);
    assertThat(broker.get(path(made), consumer).statusCode()).isEqualTo(410);
    assertThat(
            broker
                .get(
                    "/acme/hooks/" + encoded("http://127.0.0.1:9/x") + "/" + encoded(object),
                    consumer)
                .statusCode())
        .isEqualTo(404);
  }

  @Rule({"SUB-8", "SUB-9"})
  @Test
  void whatNamesNoResourceOfTheTenantIsRefusedWithEveryOtherFault() {
    // When
    HttpResponse<String> none = broker.post("/acme/hooks/", consumer, FORM, "color=red");
    HttpResponse<String> two =
        broker.post(
            "/acme/hooks/", consumer, FORM, "callback_uri=" + encoded(CALLBACK) + "&uri=a&uri=b");

    // Then
    assertThat(none.statusCode()).isEqualTo(400);
    assertThat(json(none).getJsonArray("errors").size()).isEqualTo(3);
    assertThat(two.statusCode()).isEqualTo(400);
    for (String each :
        List.of(
            "https://o.test/never",
            "https://broker.test/other/resources/" + encoded(object),
            "https://broker.test/acme/resources/",
            "no way")) {
      assertThat(hook(each).statusCode()).as(each).isEqualTo(400);
    }
    assertThat(hook(ours(object) + "/changes").statusCode()).isEqualTo(404);
  }

  // --- configuration ---

  @Rule({"DISC-1", "SUB-1"})
  @Test
  void aCollectionIsConfiguredBeforeItsFirstChangesAndSubscribed() {
    // Given
    String made = "https://o.test/configured/" + COUNTER.incrementAndGet();
    String url = "/api/v1/resources/" + encoded(made);

    // When
    HttpResponse<String> created = put(url, "{\"kind\":\"collection\"}");

    // Then
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(json(created).getString("kind")).isEqualTo("collection");
    HttpResponse<String> empty = broker.get(resource(made), consumer);
    assertThat(empty.statusCode()).isEqualTo(204);
    assertThat(empty.headers().firstValue("Changes-Id")).contains("chk_0000000000000");
    assertThat(broker.get(resource(made) + "?after=chk_0000000000000", consumer).body())
        .isEqualTo("[]");
    assertThat(changes(made, "callback_uri=" + encoded(CALLBACK)).statusCode()).isEqualTo(201);
    broker.post(resource(made) + "/changes", origin, JSON, "[1]", "Changes-Id", "c1");
    assertThat(broker.get(resource(made) + "?after=chk_0000000000000", consumer).body())
        .isEqualTo("[1]");
    assertThat(json(broker.get(url, consumer)).getString("changes_subscriptions"))
        .endsWith("/changes-subscriptions/");
    assertThat(put(url, "{\"kind\":\"object\"}").statusCode()).isEqualTo(409);
    assertThat(put(url, "{\"read\":\"open\"}").statusCode()).isEqualTo(200);
    assertThat(json(broker.get(url, consumer)).getString("read")).isEqualTo("open");
  }

  @Test
  void openSubscribingRequiresOpenReadingAndEveryFaultIsNamed() {
    String url = "/api/v1/resources/" + encoded(object);

    assertThat(put(url, "{\"subscribe\":\"open\"}").statusCode()).isEqualTo(400);
    HttpResponse<String> faulty = put(url, "{\"kind\":\"list\",\"read\":1,\"color\":\"red\"}");
    assertThat(faulty.statusCode()).isEqualTo(400);
    assertThat(json(faulty).getJsonArray("errors").size()).isEqualTo(3);
    assertThat(json(broker.get(url, consumer)).getString("subscribe")).isEqualTo("key");
    assertThat(
            broker.get("/api/v1/resources/" + encoded("https://o.test/no"), consumer).statusCode())
        .isEqualTo(404);
  }

  @Rule("GAP-1")
  @Test
  void whatIsOpenToReadIsReadWithoutAKeyAndNothingElseIs() {
    // Given
    assertThat(put("/api/v1/resources/" + encoded(list), "{\"read\":\"open\"}").statusCode())
        .isEqualTo(200);
    String start = "?after=chk_0000000000000";

    // When, Then
    assertThat(broker.get(resource(list), "").statusCode()).isEqualTo(204);
    assertThat(broker.get(resource(list) + start, "").body()).isEqualTo("[1]");
    assertThat(broker.get(resource(object), "").statusCode()).isEqualTo(401);
    assertThat(broker.get(resource(object) + start, "").statusCode()).isEqualTo(401);
    assertThat(broker.get(resource("https://o.test/never"), "").statusCode()).isEqualTo(401);
    assertThat(broker.get("/nobody/resources/" + encoded(list), "").statusCode()).isEqualTo(401);
    assertThat(broker.put(list, "", "x").statusCode()).isEqualTo(401);
    assertThat(broker.get(subscriptions(list), "").statusCode()).isEqualTo(401);
    assertThat(broker.get(resource(list), "lh_dev_wrong").statusCode()).isEqualTo(401);
    assertThat(put("/api/v1/resources/" + encoded(list), "{}").statusCode()).isEqualTo(200);
    assertThat(broker.get(resource(list), "").statusCode()).isEqualTo(401);
  }

  @Test
  void ofAConfigurationAndAFirstValueAtOnceBothAreDone() {
    for (int i = 0; i < 20; i++) {
      // Given
      String both = "https://o.test/both/" + COUNTER.incrementAndGet();
      String url = "/api/v1/resources/" + encoded(both);

      // When
      var configured =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> put(url, "{\"kind\":\"collection\"}"));
      var pushed =
          java.util.concurrent.CompletableFuture.supplyAsync(() -> broker.put(both, origin, "x"));

      // Then
      assertThat(configured.join().statusCode()).isBetween(200, 201);
      assertThat(pushed.join().statusCode()).as(pushed.join().body()).isEqualTo(201);
      HttpResponse<String> got = broker.get(resource(both), consumer);
      assertThat(got.body()).isEqualTo("x");
      assertThat(
              broker
                  .post(resource(both) + "/changes", origin, JSON, "[1]", "Changes-Id", "c1")
                  .statusCode())
          .isEqualTo(200);
      String at = got.headers().firstValue("Changes-Id").orElseThrow();
      assertThat(broker.get(resource(both) + "?after=" + at, consumer).body()).isEqualTo("[1]");
    }
  }

  private static HttpResponse<String> put(String path, String body) {
    return broker.send(
        broker
            .to(path, origin)
            .header("Content-Type", JSON)
            .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }
}
