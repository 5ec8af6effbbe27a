package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.livehook.api.Mailbox.Letter;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payload styles and own headers of deliveries (issue 5, point 8; standards.md §3, §6). */
class PayloadHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String ALL = "/api/v1/subscriptions";
  private static final String VALUE = "{\"n\": 1.50, \"s\":\"ü\"}";
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static TestBroker broker;
  private static Mailbox mailbox;
  private static String origin;
  private static String consumer;

  private String uri = "";
  private String path = "";
  private JsonObject made = new JsonObject();

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    mailbox = new Mailbox();
    origin = broker.key(Role.ORIGIN);
    consumer = broker.key(Role.CONSUMER);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
    mailbox.close();
  }

  private HttpResponse<String> ask(JsonObject options) {
    int number = COUNTER.incrementAndGet();
    uri = "https://o.test/a%20b/ü/" + number;
    path = "/in/" + number;
    broker.put(uri, origin, "before");
    return broker.post(
        ALL,
        consumer,
        "application/json",
        options.copy().put("resource", uri).put("callback_uri", mailbox.url(path)).encode());
  }

  private void subscribe(JsonObject options) {
    HttpResponse<String> answer = ask(options);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    made = json(answer);
  }

  private void style(String payload) {
    subscribe(new JsonObject().put("payload", payload));
    assertThat(made.getString("payload")).isEqualTo(payload);
  }

  private Letter delivered(String type, byte[] body, String... headers) {
    int before = mailbox.at(path).size();
    HttpResponse<String> answer =
        broker.send(
            broker
                .to(TestBroker.resource(uri), origin, headers)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofByteArray(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return sound(mailbox.await1(path, before + 1));
  }

  @CanIgnoreReturnValue
  private Letter delivered(String type, String body) {
    return delivered(type, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private Letter deleted() {
    int before = mailbox.at(path).size();
    broker.delete(TestBroker.resource(uri), origin);
    return sound(mailbox.await1(path, before + 1));
  }

  /** Whatever the style: the signature and the digest are of the bytes that were sent. */
  private Letter sound(Letter letter) {
    assertThat(Verifiers.v1(letter, made.getString("secret"))).isTrue();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(letter.body());
      assertThat(letter.header("Content-Digest"))
          .isEqualTo("sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return letter;
  }

  @Test
  void aThinDeliveryHasIdAndLinksOnly() {
    style("thin");

    Letter letter = delivered("text/plain", "the value");

    assertThat(letter.header("Content-Type")).isEqualTo("application/json");
    JsonObject body = new JsonObject(letter.text());
    assertThat(body.getString("id")).isEqualTo(letter.header("webhook-id"));
    assertThat(body.getJsonObject("links").getString("resource")).isEqualTo(uri);
    assertThat(letter.text()).doesNotContain("the value");
  }

  @Test
  void anEnvelopeHasTypeTimestampAndData() {
    style("envelope");

    Letter letter = delivered("application/json", VALUE);
    Letter gone = deleted();

    JsonObject body = new JsonObject(letter.text());
    assertThat(body.getString("type")).isEqualTo("resource.updated");
    assertThat(body.getString("timestamp")).matches("20..-..-..T..:..:..\\....Z");
    assertThat(letter.text()).as("the origin's bytes").contains("\"value\":" + VALUE);
    assertThat(body.getJsonObject("data").getString("resource")).isEqualTo(uri);
    assertThat(new JsonObject(gone.text()).getString("type")).isEqualTo("resource.deleted");
    assertThat(gone.header("Content-Type")).isEqualTo("application/json");
    assertThat(gone.header("LiveResource-Status")).isEqualTo("404");
  }

  @Test
  void whatIsNoJsonIsTextOrBase64InAnEnvelope() {
    style("envelope");

    JsonObject text = new JsonObject(delivered("text/plain", "Grüße").text());
    JsonObject broken = new JsonObject(delivered("application/json", "{} {}").text());
    byte[] bytes = {0, (byte) 0xff};
    JsonObject binary = new JsonObject(delivered("text/plain", bytes).text());
    Letter coded = delivered("application/json", VALUE.getBytes(), "Content-Encoding", "x-test");

    assertThat(text.getJsonObject("data").getString("value")).isEqualTo("Grüße");
    assertThat(broken.getJsonObject("data").getString("value_base64")).isEqualTo("e30ge30=");
    assertThat(binary.getJsonObject("data").getString("value_base64")).isEqualTo("AP8=");
    assertThat(coded.header("Content-Encoding")).isEmpty();
    assertThat(coded.text()).contains("value_base64");
  }

  @Test
  void cloudEventsInBinaryModeKeepTheBytes() {
    style("cloudevents-binary");

    Letter letter = delivered("application/json", VALUE);
    Letter gone = deleted();

    assertThat(letter.text()).isEqualTo(VALUE);
    assertThat(letter.header("Content-Type")).isEqualTo("application/json");
    assertThat(letter.header("ce-specversion")).isEqualTo("1.0");
    assertThat(letter.header("ce-id")).isEqualTo(letter.header("webhook-id"));
    assertThat(letter.header("ce-sequence")).isEqualTo(letter.header("webhook-sequence"));
    assertThat(letter.header("ce-source"))
        .isEqualTo(uri.replace("%20", "%2520").replace("ü", "%25C3%25BC"));
    assertThat(letter.header("ce-type")).isEqualTo("io.livehook.resource.updated");
    assertThat(gone.body()).isNotEmpty();
    assertThat(gone.header("ce-type")).isEqualTo("io.livehook.resource.deleted");
  }

  @Test
  void cloudEventsInStructuredModeHaveAllInTheBody() {
    style("cloudevents-structured");

    Letter letter = delivered("application/json", VALUE);
    JsonObject binary = new JsonObject(delivered("image/png", new byte[] {0, 1}).text());

    assertThat(letter.header("Content-Type"))
        .isEqualTo("application/cloudevents+json; charset=utf-8");
    JsonObject event = new JsonObject(letter.text());
    assertThat(event.getString("specversion")).isEqualTo("1.0");
    assertThat(event.getString("id")).isEqualTo(letter.header("webhook-id"));
    assertThat(event.getString("source")).isEqualTo(uri.replace("ü", "%C3%BC"));
    assertThat(letter.text()).contains("\"data\":" + VALUE);
    assertThat(binary.getString("data_base64")).isEqualTo("AAE=");
    assertThat(letter.headers()).doesNotContainKey("ce-id");
  }

  @Test
  void aRawDeliveryIsByteForByteWhatCame() {
    subscribe(new JsonObject());

    Letter letter = delivered("application/json", VALUE);

    assertThat(made.getString("payload")).isEqualTo("raw");
    assertThat(letter.text()).isEqualTo(VALUE);
    assertThat(deleted().body()).isEmpty();
  }

  @Test
  void changesThatWaitGoTogetherInAnEnvelopeToo() {
    // Given (CH-6): a subscription to changes that is held
    uri = "https://o.test/list/" + COUNTER.incrementAndGet();
    path = "/list/" + COUNTER.incrementAndGet();
    String changes = TestBroker.resource(uri) + "/changes";
    broker.post(changes, origin, "application/json", "[1]", "Changes-Id", "c1");
    JsonObject wish =
        new JsonObject()
            .put("resource", uri)
            .put("callback_uri", mailbox.url(path))
            .put("mode", "changes")
            .put("merge", true)
            .put("payload", "envelope");
    HttpResponse<String> answer = broker.post(ALL, consumer, "application/json", wish.encode());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    made = json(answer);
    String one = ALL + "/" + made.getString("id");
    broker.patch(one, consumer, "{\"hold\":true}");
    String[] ids2 = {"Changes-Id", "c2", "Previous-Changes-Id", "c1"};
    broker.post(changes, origin, "application/json", "[2]", ids2);
    String[] ids3 = {"Changes-Id", "c3", "Previous-Changes-Id", "c2"};
    broker.post(changes, origin, "application/json", "[3]", ids3);

    // When
    broker.patch(one, consumer, "{\"hold\":false}");

    // Then
    Letter letter = sound(mailbox.await1(path, 1));
    JsonObject body = new JsonObject(letter.text());
    assertThat(body.getString("type")).isEqualTo("resource.changed");
    assertThat(body.getJsonObject("data").getJsonArray("value").getList()).containsExactly(2, 3);
    assertThat(letter.header("Changes-Id")).isNotEmpty();
    assertThat(letter.header("webhook-id")).contains("-");
  }

  @Test
  void theStyleChangesByPatchForTheNextDelivery() {
    style("thin");
    delivered("text/plain", "a");

    HttpResponse<String> patched =
        broker.patch(ALL + "/" + made.getString("id"), consumer, "{\"payload\":\"raw\"}");

    assertThat(json(patched).getString("payload")).isEqualTo("raw");
    assertThat(delivered("text/plain", "b").text()).isEqualTo("b");
  }

  // --- own headers ---

  @Test
  void ownHeadersAreSentAndTheirValuesNeverShownAgain() throws Exception {
    // Given
    String canary = "Bearer canary-value-of-a-header";
    subscribe(new JsonObject().put("headers", new JsonObject().put("Authorization", canary)));
    String id = made.getString("id");

    // When
    Letter letter = delivered("text/plain", "x");
    String shown = broker.get(ALL + "/" + id, consumer).body() + made.encode();

    // Then
    assertThat(letter.header("Authorization")).isEqualTo(canary);
    assertThat(shown).contains("\"headers\":[\"Authorization\"]").doesNotContain("canary-value");
    assertThat(
            MatrixScene.one(DATABASE, "select secret from subscription order by id desc limit 1"))
        .doesNotContain(canary);

    // When: replaced as a whole
    broker.patch(ALL + "/" + id, consumer, "{\"headers\":{\"X-Other\":\"1\"}}");

    // Then
    Letter after = delivered("text/plain", "y");
    assertThat(after.headers()).doesNotContainKey("Authorization").containsEntry("X-Other", "1");
    assertThat(Verifiers.v1(after, made.getString("secret"))).as("the secret stays").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "webhook-id",
        "Webhook-X",
        "Content-Type",
        "Signature",
        "ce-id",
        "X-Hook-Secret",
        "Proxy-Authorization",
        "a b",
        ""
      })
  void whatFramesAMessageOrIsLivehooksOwnIsRefused(String name) {
    HttpResponse<String> refused =
        ask(new JsonObject().put("headers", new JsonObject().put(name, "canary-value")));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("/headers").doesNotContain("canary-value");
  }

  @Test
  void valuesThatWouldSplitAMessageAreRefusedAndNotQuoted() {
    for (Object value : List.of("canary\r\nX: y", "canary\u0000", "ü", " canary", 7, Map.of())) {
      JsonObject headers = new JsonObject().put("X-A", value);

      HttpResponse<String> refused = ask(new JsonObject().put("headers", headers));

      assertThat(refused.statusCode()).as(value.toString()).isEqualTo(400);
      assertThat(refused.body()).doesNotContain("canary");
    }
    for (String wrong :
        List.of("\"payload\":\"thick\"", "\"signatures\":\"v2\"", "\"headers\":\"a\"")) {
      HttpResponse<String> refused = ask(new JsonObject("{" + wrong + "}"));
      assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
    }
  }
}
