package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.livehook.Rule;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Mode;
import io.livehook.lane.Submission;
import io.livehook.lane.Submission.ChangesIds;
import io.livehook.lane.Submission.Representation;
import io.livehook.lane.UpdateKind;
import io.livehook.lane.Verdict;
import io.livehook.outcome.Receiver.Arrival;
import io.livehook.outcome.Receiver.Reply;
import io.livehook.platform.Ids;
import io.livehook.platform.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What subscriptions to changes get: DLV-3 to DLV-5, DLV-9, GAP-6, GAP-7. */
class ChangesDeliveryTest {
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
    uri = "https://o.test/list/" + COUNTER.incrementAndGet();
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @CanIgnoreReturnValue
  private long push(UpdateKind kind, String body, ChangesIds ids, @Nullable String etag) {
    String type = kind == UpdateKind.DELETED ? null : "application/json";
    Verdict verdict =
        node.submit(
            new Submission.Push(
                1,
                uri,
                LaneOf.lane(TestNode.TENANT, uri, 16),
                kind,
                new Representation(etag, type, null, body.getBytes(StandardCharsets.UTF_8)),
                ids,
                null,
                null));
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) verdict).update();
  }

  @CanIgnoreReturnValue
  private long changes(int number) {
    return push(
        UpdateKind.CHANGES,
        "[" + number + "]",
        new ChangesIds("c" + number, "c" + (number - 1)),
        null);
  }

  private List<Arrival> arrived(String path, int many) {
    await().atMost(SOON).until(() -> node.receiver.at(path).size() >= many);
    return node.receiver.at(path);
  }

  private static String checkpoint(long update) {
    return Ids.checkpoint(update);
  }

  private static List<String> chain(List<Arrival> arrivals) {
    return arrivals.stream()
        .map(each -> each.header("Previous-Changes-Id") + " " + each.header("Changes-Id"))
        .toList();
  }

  @Rule({"DLV-4", "DLV-9", "DLV-1"})
  @Test
  void changesComeWithBothIdsAndBothLinks() throws Exception {
    // Given
    long first = changes(1);
    node.subscribe(uri, "/changes", true, Mode.CHANGES);

    // When
    long second = changes(2);

    // Then
    Arrival arrival = arrived("/changes", 1).get(0);
    assertThat(arrival.body().toString()).isEqualTo("[2]");
    assertThat(arrival.header("Location")).isEqualTo(uri);
    assertThat(arrival.header("Changes-Id")).isEqualTo(checkpoint(second));
    assertThat(arrival.header("Previous-Changes-Id")).isEqualTo(checkpoint(first));
    assertThat(arrival.header("Link"))
        .isEqualTo(
            "<http://broker.test/r>; rel=\"self\""
                + (", <http://broker.test/r?after=" + checkpoint(second) + ">; rel=changes")
                + (", <http://broker.test/r?after=" + checkpoint(first) + ">; rel=prev-changes"));
    assertThat(arrival.header("Content-Type")).isEqualTo("application/json");
    assertThat(arrival.header("ETag")).isEmpty();
    assertThat(arrival.header("Previous-ETag")).isEmpty();
    assertThat(arrival.header("webhook-sequence")).isEqualTo("2");
    assertThat(arrival.header("webhook-id")).isEqualTo(Ids.message(second));
    assertThat(arrival.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(arrival.header("Content-Digest")).startsWith("sha-256=:");
  }

  @Rule({"DLV-4", "DLV-6"})
  @Test
  void eachModeGetsItsKindsAndCountsThemByItself() throws Exception {
    // Given
    push(UpdateKind.VALUE, "{}", ChangesIds.NONE, "\"v1\"");
    changes(1);
    node.subscribe(uri, "/as-changes", true, Mode.CHANGES);
    node.subscribe(uri, "/as-values", false, Mode.VALUE);

    // When
    long second = changes(2);
    long value = push(UpdateKind.VALUE, "{\"n\":2}", new ChangesIds("c2", null), "\"v2\"");
    long third = changes(3);
    long deletion = push(UpdateKind.DELETED, "", ChangesIds.NONE, null);

    // Then
    List<Arrival> changes = arrived("/as-changes", 3);
    List<Arrival> values = arrived("/as-values", 2);
    assertThat(chain(changes))
        .containsExactly(
            changes.get(0).header("Previous-Changes-Id") + " " + checkpoint(second),
            checkpoint(value) + " " + checkpoint(third),
            checkpoint(third) + " " + checkpoint(deletion));
    assertThat(changes.stream().map(each -> each.header("webhook-sequence")))
        .containsExactly("2", "3", "4");
    assertThat(values.stream().map(each -> each.header("Previous-ETag")))
        .containsExactly("\"v1\"", "\"v2\"");
    assertThat(values.stream().map(each -> each.header("webhook-sequence")))
        .containsExactly("2", "3");
    assertThat(values.get(0).header("Changes-Id")).isEmpty();
  }

  @Rule({"DLV-3", "GAP-7"})
  @Test
  void aDeletionComesEmptyAndMarkedInBothModes() throws Exception {
    // Given
    long first = changes(1);
    node.subscribe(uri, "/deleted", true, Mode.CHANGES);
    node.subscribe(uri, "/deleted-value", false, Mode.VALUE);

    // When
    push(UpdateKind.DELETED, "", ChangesIds.NONE, null);

    // Then
    Arrival arrival = arrived("/deleted", 1).get(0);
    Arrival ofValue = arrived("/deleted-value", 1).get(0);
    for (Arrival each : List.of(arrival, ofValue)) {
      assertThat(each.body().length()).isZero();
      assertThat(each.header("Content-Length")).isEqualTo("0");
      assertThat(each.header("Content-Type")).isEmpty();
      assertThat(each.header("LiveResource-Status")).isEqualTo("404");
    }
    assertThat(arrival.header("Previous-Changes-Id")).isEqualTo(checkpoint(first));
    assertThat(ofValue.header("Previous-Changes-Id")).isEmpty();
  }

  @Rule({"DLV-5", "GAP-6"})
  @Test
  void theChainAsTheSubscriberSeesItIsUnbrokenAndARetryRepeatsIt() throws Exception {
    // Given
    long first = changes(1);
    AtomicInteger refusals = new AtomicInteger(2);
    node.receiver.answer("/chain", arrival -> Reply.of(refusals.getAndDecrement() > 0 ? 500 : 200));
    node.subscribe(uri, "/chain", true, Mode.CHANGES);

    // When
    List<Long> ids = new ArrayList<>(List.of(first));
    for (int i = 2; i < 6; i++) {
      ids.add(changes(i));
    }

    // Then
    List<Arrival> arrivals = arrived("/chain", 6);
    List<String> expected = new ArrayList<>();
    for (int i = 1; i < ids.size(); i++) {
      expected.add(checkpoint(ids.get(i - 1)) + " " + checkpoint(ids.get(i)));
    }
    expected.addAll(0, List.of(expected.get(0), expected.get(0)));
    assertThat(chain(arrivals)).isEqualTo(expected);
    assertThat(arrivals.subList(0, 3).stream().map(each -> each.header("webhook-attempt")))
        .containsExactly("1", "2", "3");
  }

  @Rule({"DLV-5", "GAP-5"})
  @Test
  void whatWasGivenUpShowsInTheNextDeliveryWhichKeepsItsOwnPrevious() throws Exception {
    // Given
    changes(1);
    node.receiver.answer(
        "/gap", arrival -> Reply.of(arrival.body().toString().equals("[2]") ? 500 : 200));
    node.subscribe(uri, "/gap", true, Mode.CHANGES);

    // When
    long lost = changes(2);
    long next = changes(3);

    // Then: three attempts, a dead letter, and then what follows it says what it follows
    List<Arrival> arrivals = arrived("/gap", 4);
    assertThat(arrivals.get(3).header("Previous-Changes-Id")).isEqualTo(checkpoint(lost));
    assertThat(arrivals.get(3).header("Changes-Id")).isEqualTo(checkpoint(next));
    assertThat(
            TestNode.number(DATABASE, "select count(*) from dead_letter where update_id = " + lost))
        .isEqualTo(1);
  }

  @Rule("DLV-5")
  @Test
  void theChainIsTheSameFromTheLogAfterARestart() throws Exception {
    // Given
    long first = changes(1);
    Verdict.Subscribed made = node.subscribe(uri, "/again", true, Mode.CHANGES);
    assertThat(node.hold(uri, made.subscription(), true)).isInstanceOf(Verdict.Done.class);
    long second = changes(2);
    node.close();

    // When
    node = new TestNode(DATABASE, "node", "1,1");
    long third = changes(3);
    node.subscribe(uri, "/again-new", true, Mode.CHANGES);
    long fourth = changes(4);

    // Then: the chain of what is accepted goes on, and so does what is sent
    Arrival arrival = arrived("/again-new", 1).get(0);
    assertThat(chain(List.of(arrival)))
        .containsExactly(checkpoint(third) + " " + checkpoint(fourth));
    assertThat(TestNode.number(DATABASE, "select previous_id from update_log where id = " + third))
        .isEqualTo(second);
    assertThat(TestNode.number(DATABASE, "select previous_id from update_log where id = " + second))
        .isEqualTo(first);
  }

  @Rule({"DLV-5", "CH-6", "GAP-13", "GAP-27"})
  @Test
  void changesThatWaitGoAsOneDeliveryWhenThatWasAskedFor() throws Exception {
    // Given
    long first = changes(1);
    AtomicInteger refusals = new AtomicInteger(1);
    node.receiver.answer(
        "/merged", arrival -> Reply.of(refusals.getAndDecrement() > 0 ? 500 : 200));
    Verdict.Subscribed made = node.subscribe(uri, "/merged", true, 1, Mode.CHANGES, true);

    // When
    long second = changes(2);
    arrived("/merged", 1);
    changes(3);
    long fourth = changes(4);
    long odd = push(UpdateKind.CHANGES, "{\"five\":5}", new ChangesIds("c5", "c4"), null);
    long sixth = changes(6);

    // Then
    List<Arrival> arrivals = arrived("/merged", 4);
    assertThat(arrivals.stream().map(each -> each.body().toString()))
        .containsExactly("[2]", "[2,3,4]", "{\"five\":5}", "[6]");
    assertThat(chain(arrivals))
        .containsExactly(
            checkpoint(first) + " " + checkpoint(second),
            checkpoint(first) + " " + checkpoint(fourth),
            checkpoint(fourth) + " " + checkpoint(odd),
            checkpoint(odd) + " " + checkpoint(sixth));
    Arrival merged = arrivals.get(1);
    assertThat(merged.header("webhook-id"))
        .isEqualTo(Ids.message(second) + Ids.message(fourth).replace("msg_", "-"));
    assertThat(merged.header("webhook-sequence")).isEqualTo("4");
    assertThat(merged.header("webhook-attempt")).isEqualTo("2");
    String ended = "select count(*) from attempt where ended and subscription_id = ";
    await().atMost(SOON).until(() -> TestNode.number(DATABASE, ended + made.subscription()) == 5);
  }

  @Rule({"SUB-10", "GAP-2", "DLV-5"})
  @Test
  void aNewSubscriptionGetsNothingBeforeTheNextUpdate() throws Exception {
    // Given
    changes(1);

    // When
    node.subscribe(uri, "/fresh", true, Mode.CHANGES);
    node.subscribe(uri, "/fresh-value", false, Mode.VALUE);
    long second = changes(2);
    push(UpdateKind.VALUE, "{}", ChangesIds.NONE, "\"v1\"");

    // Then: neither the state it was made in, nor a question whether it is wanted
    assertThat(arrived("/fresh", 1).get(0).header("Changes-Id")).isEqualTo(checkpoint(second));
    assertThat(arrived("/fresh-value", 1).get(0).header("ETag")).isEqualTo("\"v1\"");
    assertThat(node.receiver.at("/fresh")).hasSize(1);
    assertThat(node.receiver.at("/fresh-value")).hasSize(1);
  }

  @Rule({"DLV-7", "GAP-21"})
  @Test
  void aHintIsNotSentToAnybody() throws Exception {
    // Given
    changes(1);
    node.subscribe(uri, "/hint", true, Mode.CHANGES);
    node.subscribe(uri, "/hint-value", false, Mode.VALUE);

    // When
    push(UpdateKind.HINT, "", ChangesIds.NONE, null);
    push(UpdateKind.DELETED, "", ChangesIds.NONE, null);

    // Then
    for (String path : List.of("/hint", "/hint-value")) {
      assertThat(arrived(path, 1).get(0).header("LiveResource-Status")).isEqualTo("404");
      assertThat(node.receiver.at(path)).hasSize(1);
    }
  }
}
