package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.ingest.IngestLimits;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one tenant may push at once and in a second; another tenant's pushes do not count. */
class IngestLimitsTest {
  @RegisterExtension static final TestDatabase ONE = TestDatabase.migrated();
  @RegisterExtension static final TestDatabase TWO = TestDatabase.migrated();
  private static final String URI = "https://o.test/limits";

  @Test
  void pastTheRateItIs429UntilTheSecondIsOver() throws Exception {
    try (TestBroker broker = new TestBroker(ONE, new IngestLimits(3, 10))) {
      // Given
      String origin = broker.key(Role.ORIGIN);
      String other = broker.key("other", Role.ORIGIN);

      // When: more than three within some second
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        answers.add(broker.put(URI, origin, "x"));
      }

      // Then
      HttpResponse<String> refused =
          answers.stream().filter(each -> each.statusCode() == 429).findFirst().orElseThrow();
      assertThat(json(refused).getString("code")).isEqualTo("too_many_requests");
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.headers().firstValue("RateLimit-Policy")).contains("\"tenant\";q=3;w=1");
      assertThat(refused.headers().firstValue("RateLimit")).contains("\"tenant\";r=0;t=1");
      assertThat(answers.get(0).statusCode()).isEqualTo(201);
      assertThat(answers.get(0).headers().firstValue("RateLimit").orElseThrow())
          .startsWith("\"tenant\";r=");
      assertThat(broker.get(resource(URI), origin).statusCode()).as("no push").isEqualTo(200);
      assertThat(broker.post("/api/v1/updates", other, "application/x-ndjson", "{}\n").statusCode())
          .isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> broker.put(URI, origin, "x").statusCode() == 200);
    }
  }

  @Test
  void whatWaitsForItsBodyCountsUntilItsConnectionGoes() throws Exception {
    try (TestBroker broker = new TestBroker(TWO, new IngestLimits(0, 2))) {
      // Given
      String origin = broker.key(Role.ORIGIN);
      assertThat(broker.put(URI, origin, "x").statusCode()).isEqualTo(201);

      // When: two that never send their bodies
      try (Socket first = begun(broker, origin);
          Socket second = begun(broker, origin)) {
        await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> broker.put(URI, origin, "x").statusCode() == 429);
        HttpResponse<String> refused = broker.put(URI, origin, "x");

        // Then
        assertThat(refused.headers().firstValue("RateLimit")).as("no rate").isEmpty();
        assertThat(json(refused).getString("detail")).contains("2 at once");
        assertThat(first.isClosed() || second.isClosed()).isFalse();
      }
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> broker.put(URI, origin, "x").statusCode() == 200);
      for (int i = 0; i < 5; i++) {
        assertThat(broker.put(URI, origin, "x").statusCode()).isEqualTo(200);
      }
    }
  }

  private static Socket begun(TestBroker broker, String origin) throws IOException {
    Socket socket = new Socket("127.0.0.1", broker.port());
    String head =
        "PUT %s HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer %s\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 5\r\n\r\nx";
    socket
        .getOutputStream()
        .write(head.formatted(resource(URI), origin).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
