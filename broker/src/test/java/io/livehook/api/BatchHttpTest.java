package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code POST /api/v1/updates}. */
class BatchHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static TestBroker broker;
  private static String origin;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private static HttpResponse<String> post(String lines) {
    return broker.post("/api/v1/updates", origin, "application/x-ndjson", lines);
  }

  @CanIgnoreReturnValue
  private static List<JsonObject> results(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().map(JsonObject::new).toList();
  }

  private static String line(String uri, String body) {
    return new JsonObject()
            .put("resource", uri)
            .put("content_type", "text/plain")
            .put("body", body)
            .encode()
        + "\n";
  }

  @Test
  void thousandsOfLinesAreAcceptedInTheirOrder() {
    // Given
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      lines.append(line("https://o.test/many/" + i % 10, "value " + i));
    }

    // When
    List<JsonObject> results = results(post(lines.toString()));

    // Then
    assertThat(results).hasSize(5_000);
    for (int i = 0; i < 5_000; i++) {
      assertThat(results.get(i).getInteger("line")).isEqualTo(i + 1);
      assertThat(results.get(i).getInteger("status")).isEqualTo(i < 10 ? 201 : 200);
    }
    for (int i = 10; i < 5_000; i++) {
      assertThat(results.get(i).getString("id"))
          .as("of one resource, later ids are higher")
          .isGreaterThan(results.get(i - 10).getString("id"));
    }
    assertThat(broker.get(resource("https://o.test/many/3"), origin).body())
        .isEqualTo("value 4993");
  }

  @Test
  void aBadLineDoesNotSinkTheRest() {
    // When
    List<JsonObject> results =
        results(
            post(
                """
                {"resource":"https://o.test/a","content_type":"text/plain","body":"good"}
                this is no JSON
                {"resource":"https://o.test/a","content_type":"a/b","body":"a","body_base64":"YQ=="}
                {"resource":"not a uri","body":"x"}
                {"resource":"https://o.test/a","content_type":"a/b","body_base64":"!!"}
                {"resource":"https://o.test/a","content_type":"a/b","body":"\\ud800"}
                {"resource":"https://o.test/a","resource":"https://o.test/b"}
                {"content_type":7,"lease":1,"deleted":"yes"}
                []
                {"resource":"https://o.test/gone","deleted":true}

                {"resource":"https://o.test/b","content_type":"text/plain","body":"good too"}\
                """));

    // Then
    assertThat(results)
        .extracting(line -> line.getInteger("status"))
        .containsExactly(201, 400, 400, 400, 400, 400, 400, 400, 400, 404, 201);
    assertThat(results)
        .extracting(line -> line.getInteger("line"))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    JsonObject error = results.get(7).getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo("bad_request");
    assertThat(error.getJsonArray("errors").stream().map(JsonObject.class::cast))
        .extracting(fault -> fault.getString("pointer"))
        .contains("/content_type", "/lease", "/deleted", "/resource");
  }

  @Test
  void bytesAreKeptAsTheyCame() {
    // When
    results(
        post(
            "{\"resource\":\"https://o.test/bin\",\"content_type\":\"application/octet-stream\","
                + "\"etag\":\"\\\"b1\\\"\",\"body_base64\":\"AP8Q\"}"));
    HttpResponse<byte[]> got =
        broker.send(
            broker.to(resource("https://o.test/bin"), origin).GET(),
            HttpResponse.BodyHandlers.ofByteArray());

    // Then
    assertThat(got.body()).containsExactly(0, 0xff, 0x10);
    assertThat(got.headers().firstValue("ETag")).contains("\"b1\"");
  }

  @Test
  void aDeletionStandsInItsPlaceAmongTheLines() {
    // Given
    String uri = "https://o.test/del";
    String deletion = "{\"resource\":\"" + uri + "\",\"deleted\":true}\n";

    // When
    List<JsonObject> results =
        results(post(line(uri, "1") + deletion + deletion + line(uri, "2") + line(uri, "3")));

    // Then
    assertThat(results)
        .extracting(line -> line.getInteger("status"))
        .containsExactly(201, 200, 404, 201, 200);
    assertThat(broker.get(resource(uri), origin).body()).isEqualTo("3");
  }

  @Test
  void anIdempotencyKeyHoldsForALineToo() {
    // Given
    String line =
        "{\"resource\":\"https://o.test/idem\",\"content_type\":\"text/plain\",\"body\":\"1\","
            + "\"idempotency_key\":\"k\"}\n";

    // When
    JsonObject first = results(post(line)).get(0);
    JsonObject second = results(post(line)).get(0);
    JsonObject other = results(post(line.replace("\"1\"", "\"2\""))).get(0);

    // Then
    assertThat(second.getString("id")).isEqualTo(first.getString("id"));
    assertThat(second.getBoolean("replayed")).isTrue();
    assertThat(other.getInteger("status")).isEqualTo(422);
  }

  @Test
  void aLineOverTheLimitIs413AndNeverHeld() {
    // When
    List<JsonObject> results =
        results(
            post(
                line("https://o.test/big", "x".repeat(TestBroker.BODY_LIMIT + 1))
                    + "y".repeat(4 * TestBroker.BODY_LIMIT)
                    + "\n"
                    + line("https://o.test/big", "fine")));

    // Then
    assertThat(results)
        .extracting(line -> line.getInteger("status"))
        .containsExactly(413, 413, 201);
  }

  @Test
  void anotherMediaTypeIs415AndNoLineAtAll400() {
    assertThat(broker.post("/api/v1/updates", origin, "application/json", "{}").statusCode())
        .isEqualTo(415);
    assertThat(post("\n \n").statusCode()).isEqualTo(400);
    assertThat(json(post("")).getString("code")).isEqualTo("bad_request");
  }
}
