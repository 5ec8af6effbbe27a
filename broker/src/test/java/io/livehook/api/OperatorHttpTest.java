package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators see of deliveries, and how they repair them; P12. */
class OperatorHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final byte[] GARBAGE = "no\u0000\u00ff<b>\\".getBytes(StandardCharsets.ISO_8859_1);
  private static TestBroker broker;
  private static HttpServer receiver;
  private static volatile int answer = 204;
  private static String origin;
  private static String operator;
  private String uri;
  private String callback;
  private String alias;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
    operator = broker.key(Role.OPERATOR);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          int status = answer;
          exchange.sendResponseHeaders(status, status == 204 ? -1 : GARBAGE.length);
          if (status != 204) {
            exchange.getResponseBody().write(GARBAGE);
          }
          exchange.close();
        });
    receiver.start();
  }

  @AfterAll
  static void stop() throws Exception {
    receiver.stop(0);
    broker.close();
  }

  @BeforeEach
  void aSubscription() {
    answer = 204;
    int number = COUNTER.incrementAndGet();
    uri = "https://o.test/op/" + number;
    callback = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/" + number;
    broker.put(uri, origin, "before");
    alias =
        json(broker.subscribe(
                uri, operator, "callback_uri=" + encoded(callback) + "&retry_schedule=1"))
            .getString("alias");
  }

  private JsonObject counts() {
    return json(broker.get("/api/v1/subscriptions/" + alias, operator)).getJsonObject("counts");
  }

  private JsonArray deliveries() {
    return json(broker.get("/api/v1/subscriptions/" + alias + "/deliveries", operator))
        .getJsonArray("data");
  }

  private static void addsUp(JsonObject counts) {
    assertThat(
            counts.getLong("delivered")
                + counts.getLong("pending")
                + counts.getLong("dead")
                + counts.getLong("cancelled"))
        .isEqualTo(counts.getLong("owed"));
  }

  @Test
  void whatWasDeliveredIsCountedAndListed() {
    // When
    broker.put(uri, origin, "one");
    broker.put(uri, origin, "two");

    // Then (P12)
    await().atMost(SOON).until(() -> counts().getLong("delivered") == 2);
    JsonObject counts = counts();
    addsUp(counts);
    assertThat(counts.getLong("owed")).isEqualTo(2);
    JsonArray deliveries = deliveries();
    assertThat(deliveries).hasSize(2);
    JsonObject newest = deliveries.getJsonObject(0);
    assertThat(newest.getString("state")).isEqualTo("delivered");
    assertThat(newest.getString("id")).startsWith("dlv_");
    assertThat(newest.getLong("sequence")).isEqualTo(3);
    JsonObject attempt = newest.getJsonArray("attempts").getJsonObject(0);
    assertThat(attempt.getInteger("status")).isEqualTo(204);
    assertThat(attempt.getInteger("number")).isEqualTo(1);
  }

  @Test
  void aDeadLetterIsListedWithTheEscapedAnswerAndRedelivered() {
    // Given: two attempts, both refused
    answer = 500;
    String update = json(broker.put(uri, origin, "bad")).getString("id");
    await().atMost(SOON).until(() -> counts().getLong("dead") == 1);
    addsUp(counts());
    JsonObject listed = deliveries().getJsonObject(0);
    assertThat(listed.getString("state")).isEqualTo("dead");
    assertThat(listed.getJsonArray("attempts")).hasSize(2);
    assertThat(listed.getJsonArray("attempts").getJsonObject(0).getString("answer"))
        .startsWith("no\\x00\\xff<b>");
    JsonObject dead =
        json(broker.get("/api/v1/dead-letters?subscription=" + alias, operator))
            .getJsonArray("data")
            .getJsonObject(0);
    assertThat(dead.getString("update")).isEqualTo(update);
    assertThat(dead.getString("callback_uri")).isEqualTo(callback);

    // When
    answer = 204;
    HttpResponse<String> again =
        broker.post(
            "/api/v1/dead-letters/" + dead.getString("id") + "/redeliver",
            operator,
            "application/json",
            "");

    // Then
    assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
    await().atMost(SOON).until(() -> counts().getLong("delivered") == 1);
    assertThat(counts().getLong("dead")).isZero();
    assertThat(
            broker
                .post(
                    "/api/v1/dead-letters/" + dead.getString("id") + "/redeliver",
                    operator,
                    "application/json",
                    "")
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void aDeadLetterIsRedeliveredByItsUpdateToo() {
    // Given
    answer = 500;
    String update = json(broker.put(uri, origin, "bad")).getString("id");
    await().atMost(SOON).until(() -> counts().getLong("dead") == 1);
    String path = "/api/v1/subscriptions/" + alias + "/redeliver";

    // When
    answer = 204;
    HttpResponse<String> unknown =
        broker.post(path, operator, "application/json", "{\"update\":\"msg_0000000000001\"}");
    HttpResponse<String> faulty =
        broker.post(path, operator, "application/json", "{\"update\":7,\"x\":1}");
    HttpResponse<String> again =
        broker.post(path, operator, "application/json", "{\"update\":\"" + update + "\"}");

    // Then
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(faulty.statusCode()).isEqualTo(400);
    assertThat(json(faulty).getJsonArray("errors")).hasSize(2);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
    await().atMost(SOON).until(() -> counts().getLong("delivered") == 1);
  }

  @Test
  void deadLettersArePagedNewestFirst() {
    // Given
    answer = 500;
    for (int i = 0; i < 3; i++) {
      broker.put(uri, origin, "bad " + i);
    }
    await().atMost(SOON).until(() -> counts().getLong("dead") == 3);
    String path = "/api/v1/dead-letters?subscription=" + alias;

    // When
    JsonObject first = json(broker.get(path + "&limit=2", operator));
    JsonObject second =
        json(broker.get(path + "&limit=2&cursor=" + first.getString("next_cursor"), operator));

    // Then
    assertThat(first.getJsonArray("data")).hasSize(2);
    assertThat(first.getBoolean("has_more")).isTrue();
    assertThat(second.getJsonArray("data")).hasSize(1);
    assertThat(second.getBoolean("has_more")).isFalse();
    assertThat(second.getJsonArray("data").getJsonObject(0).getString("id"))
        .isNotIn(
            first.getJsonArray("data").stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList());
  }

  @Test
  void whatAnEndedSubscriptionWasOwedIsCancelled() {
    // Given
    answer = 500;
    broker.put(uri, origin, "never");
    await()
        .atMost(SOON)
        .until(() -> !deliveries().getJsonObject(0).getJsonArray("attempts").isEmpty());

    // When
    broker.delete("/acme/subscriptions/" + alias, operator);
    broker.put(uri, origin, "later");

    // Then (P12)
    JsonObject counts = counts();
    addsUp(counts);
    assertThat(counts.getLong("owed")).isEqualTo(1);
    assertThat(counts.getLong("pending")).isZero();
    assertThat(counts.getLong("delivered")).isZero();
    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void theListOfATenantIsFilteredAndItsIdsAreAliases() {
    // When
    JsonObject byCallback =
        json(broker.get("/api/v1/subscriptions?callback_uri=" + encoded(callback), operator));
    JsonObject byResource =
        json(broker.get("/api/v1/subscriptions?resource=" + encoded(uri), operator));
    JsonObject page = json(broker.get("/api/v1/subscriptions?limit=1", operator));

    // Then
    assertThat(byCallback.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo(alias);
    assertThat(byResource.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo(alias);
    assertThat(page.getJsonArray("data")).hasSize(1);
    assertThat(broker.get("/api/v1/subscriptions?limit=x&odd=1", operator).statusCode())
        .isEqualTo(400);
    assertThat(broker.get("/api/v1/subscriptions/sub_odd", operator).statusCode()).isEqualTo(404);
    assertThat(broker.get(subscriptions(uri), operator).statusCode()).isEqualTo(200);
  }
}
