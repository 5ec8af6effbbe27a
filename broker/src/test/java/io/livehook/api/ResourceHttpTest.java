package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.Rule;
import io.livehook.platform.Ids;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PUT, DELETE, GET and HEAD of a resource (PUSH-1, PUSH-2, PUSH-7, DISC-1 to DISC-12). */
class ResourceHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static TestBroker broker;
  private static String origin;
  private static String viewer;
  private String uri;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
    viewer = broker.key(Role.VIEWER);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @BeforeEach
  void name() {
    uri = "https://o.test/todo?x=" + COUNTER.incrementAndGet();
  }

  @Rule("PUSH-1")
  @Test
  void aFirstValueIsCreatedAndALaterOneAccepted() {
    // Given, When
    HttpResponse<String> first = broker.put(uri, origin, "one");
    HttpResponse<String> second = broker.put(uri, origin, "two");

    // Then (PUSH-1)
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(json(first).getString("resource")).isEqualTo(uri);
    assertThat(json(first).getString("id"))
        .isEqualTo(first.headers().firstValue("Livehook-Update").orElseThrow())
        .matches("msg_[0-9a-z]{13}");
    assertThat(json(first).getString("etag"))
        .isEqualTo(first.headers().firstValue("ETag").orElseThrow());
    assertThat(json(second).getString("id")).isGreaterThan(json(first).getString("id"));
  }

  @Rule({"DISC-1", "DISC-2", "DISC-4", "DISC-5", "DISC-6", "DISC-9", "DISC-10", "DISC-11"})
  @Test
  void theDiscoveryLinksAreThoseOfBothDialectsAndNoOthers() {
    // Given
    broker.put(uri, origin, "one");
    String self = "https://broker.test/acme/resources/https:%2F%2Fo.test%2Ftodo%3Fx%3D";
    String number = uri.substring(uri.indexOf('=') + 1);

    // When (DISC-1: GET, HEAD, 304 and PUT agree)
    HttpResponse<String> get = broker.get(resource(uri), viewer);
    String tag = get.headers().firstValue("ETag").orElseThrow();
    List<HttpResponse<String>> answers =
        List.of(
            get,
            broker.send(broker.to(resource(uri), viewer).HEAD()),
            broker.get(resource(uri), viewer, "If-None-Match", tag),
            broker.put(uri, origin, "two"));

    // Then (DISC-9, DISC-10, DISC-11)
    for (HttpResponse<String> answer : answers) {
      assertThat(answer.headers().allValues("Link"))
          .containsExactly(
              "<" + self + number + ">; rel=\"self\"",
              "<" + uri + ">; rel=\"canonical\"",
              "<" + self + number + "/subscriptions/>; rel=value-callback",
              "<"
                  + self
                  + number
                  + "/subscriptions/>; rel=\"http://liveresource.org/protocol/callbacks\"",
              "<https://broker.test/acme/hooks/>;"
                  + " rel=\"http://liveresource.org/protocol/multiplex-callbacks\"");
      assertThat(answer.headers().firstValue("LiveResource-Property"))
          .contains("multiplex=callbacks");
    }
  }

  @Rule("DISC-10")
  @Test
  void commasAndSemicolonsOfTheUriAreEncodedInItsLink() {
    // Given
    String odd = uri + ";a,b";

    // When
    HttpResponse<String> put = broker.put(odd, origin, "x");

    // Then (DISC-10)
    assertThat(put.headers().allValues("Link"))
        .contains("<" + uri + "%3Ba%2Cb>; rel=\"canonical\"");
  }

  @Rule("DISC-1")
  @Test
  void headAgreesWithGetAndHasNoBytes() {
    // Given
    broker.put(uri, origin, "value");

    // When
    HttpResponse<String> get = broker.get(resource(uri), viewer);
    HttpResponse<String> head = broker.send(broker.to(resource(uri), viewer).HEAD());

    // Then (DISC-1)
    assertThat(head.body()).isEmpty();
    for (String name : List.of("ETag", "Content-Type", "Content-Length", "Link")) {
      assertThat(head.headers().allValues(name)).isEqualTo(get.headers().allValues(name));
    }
    assertThat(get.headers().firstValue("Content-Length")).contains("5");
  }

  @Test
  void bytesTypeTagAndFurtherHeadersAreKeptAsTheyCame() {
    // Given
    byte[] bytes = new byte[5_000];
    new java.util.Random(7).nextBytes(bytes);

    // When
    HttpResponse<String> put =
        broker.send(
            broker
                .to(resource(uri), origin)
                .header("Content-Type", "image/x-odd; a=\"b\"")
                .header("ETag", "\"v17\"")
                .header("Content-Language", "de")
                .header("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT")
                .PUT(BodyPublishers.ofByteArray(bytes)));
    HttpResponse<byte[]> get =
        broker.send(
            broker.to(resource(uri), viewer).GET(), HttpResponse.BodyHandlers.ofByteArray());

    // Then
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(get.body()).isEqualTo(bytes);
    assertThat(get.headers().firstValue("Content-Type")).contains("image/x-odd; a=\"b\"");
    assertThat(get.headers().firstValue("ETag")).contains("\"v17\"");
    assertThat(get.headers().firstValue("Content-Language")).contains("de");
    assertThat(get.headers().firstValue("Last-Modified")).contains("Sat, 21 Nov 2026 10:00:00 GMT");
  }

  @Rule({"DISC-8", "PUSH-1"})
  @ParameterizedTest
  @ValueSource(strings = {"W/\"weak\"", "unquoted", "\"with space \"", "\""})
  void aTagThatIsNotStrongIsReplacedByOurOwn(String tag) {
    // When (DISC-8)
    HttpResponse<String> put = broker.put(uri, origin, "x", "ETag", tag);
    HttpResponse<String> other = broker.put(uri + "&other", origin, "x");

    // Then
    String made = put.headers().firstValue("ETag").orElseThrow();
    assertThat(made).matches("\"[A-Za-z0-9_-]{24}\"");
    assertThat(other.headers().firstValue("ETag")).contains(made);
  }

  @Rule("GAP-7")
  @Test
  void anEmptyValueIsAValue() {
    // When
    HttpResponse<String> put = broker.put(uri, origin, "");
    HttpResponse<String> get = broker.get(resource(uri), viewer);

    // Then (GAP-7)
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(get.body()).isEmpty();
    assertThat(get.headers().firstValue("Content-Type")).contains("text/plain");
  }

  @Rule("DISC-7")
  @Test
  void ifNoneMatchOfTheCurrentTagIs304() {
    // Given
    broker.put(uri, origin, "x", "ETag", "\"v1\"");

    // When
    HttpResponse<String> same =
        broker.get(resource(uri), viewer, "If-None-Match", "\"v0\", W/\"v1\"");
    HttpResponse<String> any = broker.get(resource(uri), viewer, "If-None-Match", "*");
    HttpResponse<String> other = broker.get(resource(uri), viewer, "If-None-Match", "\"v\"");

    // Then (DISC-7)
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.headers().firstValue("ETag")).contains("\"v1\"");
    assertThat(same.body()).isEmpty();
    assertThat(any.statusCode()).isEqualTo(304);
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @Rule({"PUSH-2", "GAP-22", "DISC-1"})
  @Test
  void aDeletedResourceIs404WithLinksAndAnUnknownOneWithout() {
    // Given
    broker.put(uri, origin, "x");

    // When
    HttpResponse<String> delete = broker.delete(resource(uri), origin);
    HttpResponse<String> deleted = broker.get(resource(uri), viewer);
    HttpResponse<String> unknown = broker.get(resource(uri + "&no"), viewer);
    HttpResponse<String> again = broker.delete(resource(uri), origin);
    HttpResponse<String> back = broker.put(uri, origin, "y");

    // Then (PUSH-2, GAP-22)
    assertThat(delete.statusCode()).isEqualTo(200);
    assertThat(json(delete).getBoolean("deleted")).isTrue();
    assertThat(deleted.statusCode()).isEqualTo(404);
    assertThat(deleted.headers().allValues("Link")).hasSize(5);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().allValues("Link")).isEmpty();
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(back.statusCode()).isEqualTo(201);
  }

  @Test
  void preferReturnMinimalGivesAnEmptyBody() {
    // When
    HttpResponse<String> first = broker.put(uri, origin, "a", "Prefer", "return=minimal");
    HttpResponse<String> second = broker.put(uri, origin, "b", "Prefer", "wait=5, return=minimal");

    // Then
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.body()).isEmpty();
    assertThat(first.headers().firstValue("Content-Length")).contains("0");
    assertThat(first.headers().firstValue("Preference-Applied")).contains("return=minimal");
    assertThat(first.headers().firstValue("Livehook-Update")).isPresent();
    assertThat(second.statusCode()).isEqualTo(204);
  }

  @Rule("PUSH-7")
  @Test
  void anIdempotencyKeyReplaysTheSameUpdateAndRefusesAnotherBody() {
    // Given
    HttpResponse<String> first = broker.put(uri, origin, "one", "Idempotency-Key", "\"k1\"");

    // When
    HttpResponse<String> same = broker.put(uri, origin, "one", "Idempotency-Key", "k1");
    HttpResponse<String> other = broker.put(uri, origin, "two", "Idempotency-Key", "k1");
    HttpResponse<String> elsewhere = broker.put(uri + "&b", origin, "two", "Idempotency-Key", "k1");

    // Then (PUSH-7)
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(same.statusCode()).isEqualTo(200);
    assertThat(same.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(json(same).getString("id")).isEqualTo(json(first).getString("id"));
    assertProblem(other, 422, "idempotency_key_reused");
    assertThat(elsewhere.statusCode()).isEqualTo(201);
  }

  @Test
  void aRepeatedDeleteWithItsKeyIsAReplay() {
    // Given
    broker.put(uri, origin, "x");

    // When
    HttpResponse<String> first = broker.delete(resource(uri), origin, "Idempotency-Key", "d1");
    HttpResponse<String> same = broker.delete(resource(uri), origin, "Idempotency-Key", "d1");

    // Then
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(same.statusCode()).isEqualTo(200);
    assertThat(json(same).getString("id")).isEqualTo(json(first).getString("id"));
  }

  @Rule("PUSH-7")
  @Test
  void aWrongContentDigestIsRefusedAndARightOneTaken() throws Exception {
    // Given
    String right =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256").digest("x".getBytes(StandardCharsets.UTF_8)));

    // When (PUSH-7)
    HttpResponse<String> good =
        broker.put(uri, origin, "x", "Content-Digest", "md5=:AAAA:, sha-256=:" + right + ":");
    HttpResponse<String> bad =
        broker.put(uri, origin, "y", "Content-Digest", "sha-256=:" + right + ":");
    HttpResponse<String> malformed = broker.put(uri, origin, "y", "Content-Digest", "sha-256");

    // Then
    assertThat(good.statusCode()).isEqualTo(201);
    assertProblem(bad, 400, "digest_mismatch");
    assertProblem(malformed, 400, "digest_mismatch");
  }

  @Rule({"PUSH-1", "PUSH-2"})
  @Test
  void ifMatchOfAnotherTagIs412() {
    // Given
    broker.put(uri, origin, "x", "ETag", "\"v1\"");

    // When
    HttpResponse<String> wrong = broker.put(uri, origin, "y", "If-Match", "\"v0\"");
    HttpResponse<String> right = broker.put(uri, origin, "y", "If-Match", "\"v1\"");
    HttpResponse<String> absent = broker.put(uri + "&a", origin, "y", "If-Match", "*");

    // Then
    assertProblem(wrong, 412, "precondition_failed");
    assertThat(right.statusCode()).isEqualTo(200);
    assertProblem(absent, 412, "precondition_failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%zz",
        "not-a-uri",
        "https%3A%2F%2Fo.test%2F%00",
        "%FF%FE",
        "relative%2Fpath",
        "https:%2F%2F%2Fnohost",
        "https:%2F%2Fo.test%2F%20",
        "https:%2F%2Fo.test%2Fa%23fragment",
        "%2F%2Fo.test%2Fx"
      })
  void aKeyThatIsNoAbsoluteUriIsRefused(String key) throws Exception {
    // When
    String answer =
        broker.raw(
            "PUT /acme/resources/"
                + key
                + " HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer "
                + origin
                + "\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
  }

  @Rule("SUB-4")
  @Test
  void everyEquivalentEncodingAndTheAliasNameTheSameResource() throws Exception {
    // Given
    broker.put(uri, origin, "x");
    String lower = resource(uri).replace("%3A", "%3a").replace("%2F", "%2f");
    String canonical = resource(uri).replace("%3A", ":");

    // When, Then (SUB-4 for keys)
    assertThat(broker.get(lower, viewer).body()).isEqualTo("x");
    assertThat(broker.get(canonical, viewer).body()).isEqualTo("x");
    String alias = "/acme/resources/" + alias();
    assertThat(broker.get(alias, viewer).body()).isEqualTo("x");
    assertThat(
            broker
                .send(
                    broker
                        .to(alias, origin)
                        .header("Content-Type", "text/plain")
                        .PUT(BodyPublishers.ofString("y")))
                .statusCode())
        .isEqualTo(200);
    assertThat(broker.get(resource(uri), viewer).body()).isEqualTo("y");
    String nobody = Ids.text(Ids.Kind.RESOURCE, UUID.randomUUID());
    assertThat(broker.get("/acme/resources/" + nobody, viewer).statusCode()).isEqualTo(404);
  }

  private String alias() throws Exception {
    try (var connection = DATABASE.connect();
        var statement =
            connection.prepareStatement("select public_id from resource where uri = ?")) {
      statement.setString(1, uri);
      var rows = statement.executeQuery();
      rows.next();
      return Ids.text(Ids.Kind.RESOURCE, (UUID) rows.getObject(1));
    }
  }

  @Rule("PUSH-1")
  @Test
  void aValueWithoutMediaTypeIsRefusedWithEveryOtherFault() {
    // When (PUSH-1)
    HttpResponse<String> answer =
        broker.send(
            broker
                .to(resource(uri), origin, "Idempotency-Key", "with space")
                .PUT(BodyPublishers.ofString("x")));

    // Then
    assertProblem(answer, 400, "bad_request");
    assertThat(json(answer).getJsonArray("errors").stream().map(JsonObject.class::cast))
        .extracting(fault -> fault.getString("pointer"))
        .containsExactly("header/Content-Type", "header/Idempotency-Key");
  }

  @Test
  void aBodyOverTheLimitIsRefusedBeforeItIsSentAndTheConnectionLivesOn() throws Exception {
    // When
    String announced = broker.raw(head("Content-Length: 100000000") + "x".repeat(1000));
    String chunked =
        broker.raw(
            head("Transfer-Encoding: chunked")
                + ("8000\r\n" + "x".repeat(0x8000) + "\r\n").repeat(3));
    HttpResponse<String> little = broker.put(uri, origin, "x".repeat(TestBroker.BODY_LIMIT + 1));
    HttpResponse<String> exact = broker.put(uri, origin, "x".repeat(TestBroker.BODY_LIMIT));

    // Then
    assertThat(announced).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too_large\"");
    assertThat(chunked).startsWith("HTTP/1.1 413 ");
    assertProblem(little, 413, "too_large");
    assertThat(exact.statusCode()).isEqualTo(201);
  }

  private String head(String length) {
    return "PUT "
        + resource(uri)
        + " HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer "
        + origin
        + "\r\nContent-Type: text/plain\r\n"
        + length
        + "\r\n\r\n";
  }

  @Test
  void aCallerThatWaitsForContinueIsToldToGoOn() throws Exception {
    // When
    String answer = broker.raw(head("Content-Length: 1\r\nExpect: 100-continue"));

    // Then
    assertThat(answer).startsWith("HTTP/1.1 100 ");
  }

  @Test
  void aLongKeyFitsIntoTheRequestLine() {
    // Given: the longest URI, three characters for each of its own
    String longest = uri + "&" + "é".repeat(8_192 - uri.length() - 1);
    String tooLong = longest + "a";

    // When, Then
    assertThat(broker.put(longest, origin, "x").statusCode()).isEqualTo(201);
    assertThat(broker.get("/acme/resources/" + encoded(longest), viewer).body()).isEqualTo("x");
    assertProblem(broker.put(tooLong, origin, "x"), 400, "bad_request");
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).getString("code")).isEqualTo(code);
    assertThat(json(answer).getInteger("status")).isEqualTo(status);
    assertThat(json(answer).getString("instance"))
        .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
  }
}
