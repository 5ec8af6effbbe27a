package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.Rule;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Submission;
import io.livehook.lane.Submission.Representation;
import io.livehook.lane.UpdateKind;
import io.livehook.lane.Verdict;
import io.livehook.outcome.Receiver.Arrival;
import io.livehook.outcome.Receiver.Reply;
import io.livehook.platform.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a delivery carries beside its body: DLV-1, DLV-2, DLV-3, DLV-6, DLV-9, standards.md §2. */
class DeliveryHeadersTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Duration SOON = Duration.ofSeconds(15);

  private TestNode node;
  private String uri;

  @BeforeAll
  static void prepare() {
    TestNode.prepare(DATABASE);
  }

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(DATABASE, "node", "1,1");
    uri = "https://o.test/headers/" + COUNTER.incrementAndGet();
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void push(UpdateKind kind, @Nullable String etag, @Nullable String headers) {
    String type = etag == null ? null : "text/plain";
    byte[] body = (etag == null ? "" : "body of " + etag).getBytes(StandardCharsets.UTF_8);
    Verdict verdict =
        node.submit(
            new Submission.Push(
                1,
                uri,
                LaneOf.lane(TestNode.TENANT, uri, 16),
                kind,
                new Representation(etag, type, headers, body),
                null,
                null));
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
  }

  private void value(String etag) {
    push(UpdateKind.VALUE, etag, null);
  }

  private List<Arrival> arrived(String path, int many) {
    await().atMost(SOON).until(() -> node.receiver.at(path).size() >= many);
    return node.receiver.at(path);
  }

  private static List<String> tags(List<Arrival> arrivals) {
    return arrivals.stream()
        .map(each -> each.header("Previous-ETag") + " " + each.header("ETag"))
        .toList();
  }

  @Rule({"DLV-2", "DLV-9"})
  @Test
  void aValueComesWithTheHeadersOfItsRepresentation() throws Exception {
    // Given
    value("\"v1\"");
    node.subscribe(uri, "/whole", false);

    // When (DLV-2, DLV-9)
    push(
        UpdateKind.VALUE,
        "\"v2\"",
        "{\"Content-Encoding\":\"br\",\"Content-Language\":\"de\","
            + "\"Last-Modified\":\"Mon, 23 Nov 2026 10:00:00 GMT\"}");

    // Then
    Arrival arrival = arrived("/whole", 1).get(0);
    assertThat(arrival.header("Content-Type")).isEqualTo("text/plain");
    assertThat(arrival.header("Content-Encoding")).isEqualTo("br");
    assertThat(arrival.header("Content-Language")).isEqualTo("de");
    assertThat(arrival.header("Last-Modified")).isEqualTo("Mon, 23 Nov 2026 10:00:00 GMT");
    assertThat(arrival.header("ETag")).isEqualTo("\"v2\"");
    assertThat(arrival.header("Previous-ETag")).isEqualTo("\"v1\"");
    assertThat(arrival.header("Link")).isEqualTo("<http://broker.test/r>; rel=\"self\"");
    assertThat(arrival.header("webhook-sequence")).isEqualTo("2");
    assertThat(arrival.header("Content-Digest")).startsWith("sha-256=:");
    assertThat(arrival.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Rule({"DLV-3", "DLV-6", "GAP-7"})
  @Test
  void thePreviousTagIsThatOfTheUpdateAcceptedBeforeAlsoAroundADeletion() throws Exception {
    // Given
    value("\"a\"");
    node.subscribe(uri, "/chain", false);

    // When (DLV-3, DLV-6)
    value("\"b\"");
    value("\"c\"");
    push(UpdateKind.DELETED, null, null);
    value("\"d\"");

    // Then
    assertThat(tags(arrived("/chain", 4)))
        .containsExactly("\"a\" \"b\"", "\"b\" \"c\"", "\"c\" ", " \"d\"");
  }

  @Rule("DLV-6")
  @Test
  void whatIsReadBackFromTheLogHasTheSamePreviousTag() throws Exception {
    // Given
    value("\"0\"");
    var subscription = node.subscribe(uri, "/held", false);
    value("\"1\"");
    arrived("/held", 1);
    assertThat(node.hold(uri, subscription.subscription(), true)).isInstanceOf(Verdict.Done.class);
    List<String> expected = new ArrayList<>(List.of("\"0\" \"1\""));
    for (int i = 2; i <= 400; i++) {
      value("\"" + i + "\"");
      expected.add("\"%d\" \"%d\"".formatted(i - 1, i));
    }

    // When (DLV-6): more than one page of the log
    assertThat(node.hold(uri, subscription.subscription(), false)).isInstanceOf(Verdict.Done.class);

    // Then
    assertThat(tags(arrived("/held", 400))).isEqualTo(expected);
  }

  @Test
  void aNodeThatTakesOverKnowsThePreviousTag() throws Exception {
    // Given
    value("\"old\"");
    node.close();
    node = new TestNode(DATABASE, "next", "1,1");
    node.subscribe(uri, "/next", false);

    // When (DLV-6)
    value("\"new\"");

    // Then
    assertThat(tags(arrived("/next", 1))).containsExactly("\"old\" \"new\"");
  }

  @Test
  void everyAttemptIsASpanOfItsOwnInTheTraceOfTheUpdate() throws Exception {
    // Given
    AtomicInteger failures = new AtomicInteger(2);
    node.receiver.answer("/trace", any -> Reply.of(failures.getAndDecrement() > 0 ? 500 : 204));
    value("\"0\"");
    node.subscribe(uri, "/trace", false);
    node.subscribe(uri, "/beside", false);

    // When
    value("\"1\"");

    // Then
    List<String> traces = new ArrayList<>();
    List<String> spans = new ArrayList<>();
    List<Arrival> arrivals = new ArrayList<>(arrived("/trace", 3));
    arrivals.addAll(arrived("/beside", 1));
    for (Arrival each : arrivals) {
      String[] parts = each.header("traceparent").split("-", -1);
      traces.add(parts[1]);
      spans.add(parts[2]);
    }
    assertThat(traces.stream().distinct()).hasSize(1);
    assertThat(spans).doesNotHaveDuplicates();
  }

  @Rule({"DLV-1", "GAP-16"})
  @Test
  void aUriThatIsNotAsciiIsWrittenInAscii() throws Exception {
    // Given
    uri = "https://o.test/straße,a/" + COUNTER.incrementAndGet();
    value("\"0\"");
    node.subscribe(uri, "/ascii", false);

    // When (DLV-1)
    value("\"1\"");

    // Then
    assertThat(arrived("/ascii", 1).get(0).header("Location"))
        .isEqualTo(uri.replace("ß", "%C3%9F"));
  }

  @Test
  void rcv17AReceiverThatPublishesWhatItGetsTellsNothingOfOurInside() throws Exception {
    // Given
    value("\"0\"");
    node.subscribe(uri, "/published", false);

    // When
    value("\"1\"");

    // Then: these fields and no others, and in none of them an id or a name of ours
    Arrival arrival = arrived("/published", 1).get(0);
    assertThat(arrival.headers().keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)))
        .containsExactlyInAnyOrder(
            "host",
            "content-length",
            "content-type",
            "content-digest",
            "etag",
            "previous-etag",
            "link",
            "location",
            "traceparent",
            "user-agent",
            "webhook-attempt",
            "webhook-id",
            "webhook-sequence",
            "webhook-signature",
            "webhook-timestamp",
            "x-hook-signature");
    String all = arrival.headers() + " " + arrival.body();
    assertThat(all)
        .doesNotContain(TestNode.TENANT.toString())
        .doesNotContain(System.getProperty("user.name") + "@", "lh_", "whsec_", "postgres")
        .doesNotContain(DATABASE.url().toString(), System.getProperty("java.version"));
    assertThat(arrival.header("User-Agent")).isEqualTo("Livehook");
  }
}
