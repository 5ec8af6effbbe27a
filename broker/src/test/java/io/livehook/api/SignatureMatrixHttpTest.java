package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.api.Mailbox.Letter;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The signature matrix: all schemes × kinds of body × before, within and after a rotation; and what
 * a rotation promises (issue 5, point 7).
 */
class SignatureMatrixHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String ALL = "/api/v1/subscriptions";
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Map<String, byte[]> BODIES =
      Map.of(
          "empty",
          new byte[0],
          "text",
          "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8),
          "utf8",
          "Grüße, 世界 €".getBytes(StandardCharsets.UTF_8),
          "binary",
          new byte[] {0, (byte) 0xff, (byte) 0xc3, 0x28, 10, 13});

  private static TestBroker broker;
  private static Mailbox mailbox;
  private static String origin;
  private static String consumer;

  private String uri = "";
  private String path = "";
  private String id = "";
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

  private void subscribe(JsonObject options) {
    int number = COUNTER.incrementAndGet();
    uri = "https://o.test/signed/" + number;
    path = "/in/" + number + "?a=1&b=%20";
    broker.put(uri, origin, "before");
    JsonObject wish = options.copy().put("resource", uri).put("callback_uri", mailbox.url(path));
    HttpResponse<String> answer = broker.post(ALL, consumer, "application/json", wish.encode());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    made = json(answer);
    id = made.getString("id");
  }

  private Letter delivered(byte[] body) {
    int before = mailbox.at(path).size();
    broker.put(uri, origin, BodyPublishers.ofByteArray(body));
    return mailbox.await1(path, before + 1);
  }

  private Letter delivered(String body) {
    return delivered(body.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> rotate(String body) {
    return broker.post(ALL + "/" + id + "/rotate", consumer, "application/json", body);
  }

  private JsonObject rotated(String body) {
    HttpResponse<String> answer = rotate(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  static Stream<Arguments> matrix() {
    return BODIES.keySet().stream()
        .flatMap(
            body -> Stream.of("none", "overlap", "ended").map(each -> Arguments.of(body, each)));
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void everySchemeVerifies(String kind, String rotation) {
    // Given
    subscribe(new JsonObject().put("signatures", "v1a rfc9421 x-hub-256"));
    String first = made.getString("secret");
    String firstPublic = made.getString("public_key");
    String secret = first;
    String publicKey = firstPublic;
    if (!rotation.equals("none")) {
      JsonObject next = rotated(rotation.equals("overlap") ? "" : "{\"overlap_seconds\":0}");
      secret = next.getString("secret");
      publicKey = next.getString("public_key");
    }
    boolean both = rotation.equals("overlap");

    // When
    byte[] body = Objects.requireNonNull(BODIES.get(kind));
    Letter letter = delivered(body);

    // Then
    assertThat(letter.body()).isEqualTo(body);
    assertThat(Verifiers.v1(letter, secret)).isTrue();
    assertThat(Verifiers.v1a(letter, publicKey)).isTrue();
    assertThat(Verifiers.hook(letter, secret)).isTrue();
    assertThat(Verifiers.hub256(letter, secret)).isTrue();
    String target = mailbox.url(path);
    assertThat(Verifiers.message(letter, target, publicKey)).isTrue();
    assertThat(Verifiers.message(letter, target + "x", publicKey)).isFalse();
    if (!kind.equals("binary")) {
      assertThat(Verifiers.standardWebhooks(letter, secret)).isTrue();
    }
    if (!kind.equals("binary") && !kind.equals("empty")) {
      assertThat(Verifiers.svix(letter, secret)).isTrue();
    }
    if (!rotation.equals("none")) {
      assertThat(Verifiers.v1(letter, first)).isEqualTo(both);
      assertThat(Verifiers.v1a(letter, firstPublic)).isEqualTo(both);
      assertThat(Verifiers.message(letter, target, firstPublic)).isEqualTo(both);
      assertThat(Verifiers.hook(letter, first)).isFalse();
    }
  }

  @Test
  void withoutAPairMessageSignaturesAreByTheSecret() {
    // Given
    subscribe(new JsonObject().put("signatures", "rfc9421"));
    JsonObject next = rotated("");

    // When
    Letter letter = delivered("x");

    // Then
    String target = mailbox.url(path);
    assertThat(letter.header("Signature-Input"))
        .contains("sig1=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\"")
        .contains("keyid=\"" + id + "\";alg=\"hmac-sha256\";tag=\"webhook\"");
    assertThat(Verifiers.message(letter, target, next.getString("secret"))).isTrue();
    assertThat(Verifiers.message(letter, target, made.getString("secret"))).isTrue();
    assertThat(letter.header("webhook-signature")).doesNotContain("v1a");
  }

  @Test
  void aPlainSubscriptionHasTheUsualSignaturesOnly() {
    // Given
    subscribe(new JsonObject());

    // When
    Letter letter = delivered("x");

    // Then
    assertThat(letter.header("webhook-signature")).matches("v1,[A-Za-z0-9+/=]{44}");
    assertThat(letter.headers()).doesNotContainKeys("Signature", "X-Hub-Signature-256");
  }

  @Test
  void atMostTwoSecretsAreValidAndTheNewestComesFirst() {
    // Given
    subscribe(new JsonObject());
    String second = rotated("{\"overlap_seconds\":604800}").getString("secret");
    String third = rotated("{\"secret\":\"a secret of the consumer\"}").getString("secret");

    // When
    Letter letter = delivered("x");

    // Then
    assertThat(third).isEqualTo("a secret of the consumer");
    assertThat(letter.header("webhook-signature").split(" ", -1)).hasSize(2);
    assertThat(Verifiers.v1(letter, second)).isTrue();
    assertThat(Verifiers.v1(letter, made.getString("secret"))).isFalse();
    assertThat(Verifiers.hook(letter, third)).isTrue();
    assertThat(letter.header("webhook-signature")).endsWith(signature(letter, second));
  }

  private static String signature(Letter letter, String secret) {
    return Stream.of(letter.header("webhook-signature").split(" ", -1))
        .filter(
            each ->
                Verifiers.v1(
                    new Letter(
                        letter.target(),
                        Map.of(
                            "webhook-signature", each,
                            "webhook-id", letter.header("webhook-id"),
                            "webhook-timestamp", letter.header("webhook-timestamp")),
                        letter.body()),
                    secret))
        .findFirst()
        .orElse("none");
  }

  @Test
  void anOverlapEndsByItself() {
    // Given
    subscribe(new JsonObject());
    JsonObject next = rotated("{\"overlap_seconds\":1}");
    assertThat(next.getString("previous_secret_until")).isNotNull();

    // When
    org.awaitility.Awaitility.await()
        .pollInterval(java.time.Duration.ofMillis(100))
        .until(() -> delivered("x").header("webhook-signature").split(" ", -1).length == 1);

    // Then
    Letter letter = delivered("x");
    assertThat(Verifiers.v1(letter, next.getString("secret"))).isTrue();
    assertThat(Verifiers.v1(letter, made.getString("secret"))).isFalse();
  }

  @Test
  void everyAttemptAfterTheAnswerIsByTheNewSecret() {
    // Given: many updates on their way while the secret changes, none with an overlap
    subscribe(new JsonObject());

    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 20; i++) {
        broker.put(uri, origin, "r" + round + "." + i);
      }
      int arrived = mailbox.at(path).size();
      String secret = rotated("{\"overlap_seconds\":0}").getString("secret");
      int answered = mailbox.at(path).size();

      // When
      broker.put(uri, origin, "after " + round);
      Letter last = mailbox.await1(path, (round + 1) * 21);

      // Then: what had started before may still come, at most one with max_in_flight 1
      List<Letter> later = mailbox.at(path).subList(answered, mailbox.at(path).size());
      assertThat(arrived).isLessThanOrEqualTo(answered);
      assertThat(later.stream().skip(1).allMatch(each -> Verifiers.v1(each, secret))).isTrue();
      assertThat(Verifiers.v1(last, secret)).isTrue();
    }
  }

  @Test
  void theRotationIsTheSameAtTheAliasOfTheTenant() {
    // Given
    subscribe(new JsonObject());

    // When
    HttpResponse<String> answer =
        broker.post("/acme/subscriptions/" + id + "/rotate", consumer, "application/json", "{}");

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).getString("alias")).isEqualTo(id);
    assertThat(Verifiers.v1(delivered("x"), json(answer).getString("secret"))).isTrue();
  }

  @Test
  void badInputNamesEveryFaultAndChangesNothing() {
    // Given
    subscribe(new JsonObject());

    // When
    HttpResponse<String> wrong =
        rotate("{\"overlap_seconds\":604801,\"secret\":\"short\",\"other\":1}");

    // Then
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(json(wrong).getJsonArray("errors")).hasSize(3);
    for (String each : List.of("{\"overlap_seconds\":-1}", "[]", "{\"secret\":\"whsec_x\"}")) {
      assertThat(rotate(each).statusCode()).as(each).isEqualTo(400);
    }
    assertThat(Verifiers.v1(delivered("x"), made.getString("secret"))).isTrue();
    broker.delete(ALL + "/" + id, consumer);
    assertThat(rotate("{}").statusCode()).isEqualTo(410);
  }
}
