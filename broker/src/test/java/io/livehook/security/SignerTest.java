package io.livehook.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.svix.Webhook;
import java.net.http.HttpHeaders;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures against the vectors of standards.md §16 and against two foreign verifiers. */
class SignerTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OLD = "whsec_b6Ovv5eS7H5seJrGSStBYDivs8v2/KrFjfMaVZYsi7w=";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIMESTAMP = "1614265330";
  private static final String BODY = "{\"test\": 2432232314}";

  private static Signer signer(String secret) {
    return new Signer(SigningSecret.parse(secret));
  }

  @ParameterizedTest
  @CsvSource({
    SECRET + "," + BODY + ",v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    SECRET + ",'',v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=",
    OLD + "," + BODY + ",v1,F1yrLMyyGl+UVQVROkldXkIs/ht1X/QRioLMH+DSbYc=",
  })
  void webhookSignaturesMatchTheVectors(
      String secret, String body, String version, String expected) {
    assertThat(signer(secret).webhookSignature(ID, TIMESTAMP, body.getBytes(UTF_8)))
        .isEqualTo(version + "," + expected);
  }

  @Test
  void theSecondSetOfVectorsMatches() {
    assertThat(
            signer(OLD)
                .webhookSignature(
                    "7a2486b3-31cf-4bd3-a460-df8845d16cd5",
                    "1737987215",
                    "{\"greetings\": \"Hello World\"}".getBytes(UTF_8)))
        .isEqualTo("v1,iayM3VaiYCEDP/CxWUFWcxUCJk2YmBDQHtHTsaHzrwo=");
  }

  @ParameterizedTest
  @CsvSource({
    SECRET + "," + BODY + ",80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c",
    SECRET + ",'',da5f5865984e699a69cfec62ce49a76daf8ae4601b54a781fa13f3b2d3b2088a",
    "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81,'{\"events\":[]}',"
        + "10468027b67df18c739cc4794c6fc2d2806dcaaf2259fc3e1ed9d26433659853",
  })
  void hookSignaturesMatchTheVectors(String secret, String body, String expected) {
    assertThat(signer(secret).hookSignature(body.getBytes(UTF_8))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"hello\": \"world\"}',X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
    "'{\"hello\": \"world\"}\n',RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
    "'',47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    BODY + ",roWJMfZ4h+gVDW+Wyf4DBiwd82tEZMTdyOACwITV0Zg=",
  })
  void contentDigestsMatchTheVectors(String body, String expected) {
    assertThat(Signer.contentDigest(body.getBytes(UTF_8))).isEqualTo("sha-256=:" + expected + ":");
  }

  private static Map<String, List<String>> headers(String signature, String timestamp) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("webhook-id", List.of(ID));
    headers.put("webhook-timestamp", List.of(timestamp));
    headers.put("webhook-signature", List.of(signature));
    return headers;
  }

  private static String now() {
    return Long.toString(Instant.now().getEpochSecond());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain text", BODY, "Grüße, 名前 😀 \u0000\r\n"})
  void standardWebhooksVerifiesThem(String body) throws Exception {
    // Given
    String secret = SigningSecret.generate(new Random(7));
    String timestamp = now();

    // When
    String signature = signer(secret).webhookSignature(ID, timestamp, body.getBytes(UTF_8));

    // Then
    new com.standardwebhooks.Webhook(secret).verify(body, headers(signature, timestamp));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain text", BODY, "Grüße, 名前 😀 \u0000\r\n"})
  void svixVerifiesThem(String body) throws Exception {
    // Given
    String secret = SigningSecret.generate(new Random(8));
    String timestamp = now();

    // When
    String signature = signer(secret).webhookSignature(ID, timestamp, body.getBytes(UTF_8));

    // Then
    new Webhook(secret)
        .verify(body, HttpHeaders.of(headers(signature, timestamp), (name, value) -> true));
  }

  @Test
  void aVerifierRefusesAnotherBodySecretOrTime() throws Exception {
    String timestamp = now();
    String signature = signer(SECRET).webhookSignature(ID, timestamp, BODY.getBytes(UTF_8));
    var verifier = verifier(SECRET);

    assertThatThrownBy(() -> verifier.verify(BODY + " ", headers(signature, timestamp)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> verifier(OLD).verify(BODY, headers(signature, timestamp)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> verifier.verify(BODY, headers(signature, now() + "0")))
        .isInstanceOf(WebhookVerificationException.class);
  }

  private static com.standardwebhooks.Webhook verifier(String secret) throws Exception {
    return new com.standardwebhooks.Webhook(secret);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 1_024, 1_000_000})
  void binaryBodiesAreSignedByteForByte(int size) throws Exception {
    // Given
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    String secret = SigningSecret.generate(new Random(9));
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));

    // When
    Signer signer = signer(secret);
    String webhook = signer.webhookSignature(ID, TIMESTAMP, body);
    String hook = signer.hookSignature(body);

    // Then
    byte[] prefix = (ID + "." + TIMESTAMP + ".").getBytes(UTF_8);
    assertThat(webhook)
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(hmac(key, prefix, body)));
    assertThat(hook)
        .isEqualTo(HexFormat.of().formatHex(hmac(secret.getBytes(UTF_8), new byte[0], body)));
  }

  private static byte[] hmac(byte[] key, byte[] first, byte[] second)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update(first);
    return mac.doFinal(second);
  }

  @Test
  void aSignerSignsManyTimesWithoutATraceOfTheLast() {
    // Given
    Signer signer = signer(SECRET);
    String first = signer.webhookSignature(ID, TIMESTAMP, BODY.getBytes(UTF_8));
    String hook = signer.hookSignature(BODY.getBytes(UTF_8));

    // When
    String other = signer.webhookSignature("msg_other_and_longer_than_the_first", "1", new byte[9]);

    // Then
    assertThat(other).isNotEqualTo(first);
    assertThat(signer.webhookSignature(ID, TIMESTAMP, BODY.getBytes(UTF_8))).isEqualTo(first);
    assertThat(signer.hookSignature(BODY.getBytes(UTF_8))).isEqualTo(hook);
  }

  @ParameterizedTest
  @ValueSource(strings = {"my own secret", "whsec_not!base64", "sécret", " "})
  void aSecretOfAnotherFormIsItsBytesForEveryScheme(String secret) throws Exception {
    // Given
    byte[] key = secret.getBytes(UTF_8);
    byte[] body = BODY.getBytes(UTF_8);

    // Then
    assertThat(signer(secret).hookSignature(body))
        .isEqualTo(HexFormat.of().formatHex(hmac(key, new byte[0], body)));
    assertThat(signer(secret).webhookSignature(ID, TIMESTAMP, body))
        .isEqualTo(
            "v1,"
                + Base64.getEncoder()
                    .encodeToString(hmac(key, (ID + "." + TIMESTAMP + ".").getBytes(UTF_8), body)));
  }

  @Test
  void anOwnSecretVerifiesUnderItsEquivalent() throws Exception {
    // Given
    String own = "my own secret of some length";
    String equivalent = "whsec_" + Base64.getEncoder().encodeToString(own.getBytes(UTF_8));
    String timestamp = now();

    // When
    String signature = signer(own).webhookSignature(ID, timestamp, BODY.getBytes(UTF_8));

    // Then
    new com.standardwebhooks.Webhook(equivalent).verify(BODY, headers(signature, timestamp));
  }

  @Test
  void aNewSecretIsThirtyTwoRandomBytesAndIsNeverPrinted() {
    // When
    String one = SigningSecret.generate(new Random(1));
    String two = SigningSecret.generate(new Random(2));

    // Then
    assertThat(one).matches("whsec_[A-Za-z0-9+/]{43}=").isNotEqualTo(two);
    assertThat(SigningSecret.parse(one).toString()).doesNotContain(one.substring(6, 12));
  }
}
