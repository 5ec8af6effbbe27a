package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.Rule;
import io.livehook.lane.Verdict;
import io.livehook.outcome.Receiver.Arrival;
import io.livehook.outcome.Receiver.Reply;
import io.livehook.platform.Ids;
import io.livehook.platform.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lanes, log, delivery and outcome together: real PostgreSQL, real sockets. */
class CoreTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Duration SOON = Duration.ofSeconds(10);

  private TestNode node;
  private String uri;

  @BeforeAll
  static void prepare() {
    TestNode.prepare(DATABASE);
  }

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(DATABASE, "node", "1,1");
    uri = "https://o.test/" + COUNTER.incrementAndGet();
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private List<String> bodies(String path) {
    return node.receiver.at(path).stream().map(each -> each.body().toString()).toList();
  }

  @Rule({"DLV-1", "DLV-8", "GAP-3", "GAP-26", "GAP-27"})
  @Test
  void anAcceptedUpdateArrivesOnceWithItsIdBodyAndSignature() throws Exception {
    // Given
    assertThat(node.push(uri, "first")).isInstanceOf(Verdict.Accepted.class);
    node.subscribe(uri, "/a", false);

    // When
    Verdict.Accepted accepted = (Verdict.Accepted) node.push(uri, "second");

    // Then
    await().atMost(SOON).until(() -> node.receiver.at("/a").size() == 1);
    Arrival arrival = node.receiver.at("/a").get(0);
    assertThat(arrival.body().toString()).isEqualTo("second");
    assertThat(arrival.header("webhook-id")).isEqualTo(Ids.message(accepted.update()));
    assertThat(arrival.header("Location")).isEqualTo(uri);
    assertThat(arrival.header("webhook-attempt")).isEqualTo("1");
    new com.standardwebhooks.Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        .verify(
            "second",
            java.net.http.HttpHeaders.of(
                Map.of(
                    "webhook-id", List.of(arrival.header("webhook-id")),
                    "webhook-timestamp", List.of(arrival.header("webhook-timestamp")),
                    "webhook-signature", List.of(arrival.header("webhook-signature"))),
                (name, value) -> true));
  }

  @Rule("GAP-6")
  @Test
  void updatesArriveInTheOrderOfTheirAcceptance() throws Exception {
    // Given
    node.push(uri, "zero");
    node.subscribe(uri, "/ordered", false);
    List<String> sent = new ArrayList<>();

    // When
    for (int i = 0; i < 200; i++) {
      sent.add("value " + i);
      node.push(uri, "value " + i);
    }

    // Then
    await().atMost(SOON).until(() -> node.receiver.at("/ordered").size() == 200);
    assertThat(bodies("/ordered")).isEqualTo(sent);
  }

  @Rule({"DLV-8", "GAP-4", "GAP-5", "GAP-27"})
  @Test
  void aFailedDeliveryIsRetriedOnItsScheduleAndThenADeadLetterThatCanBeRedelivered()
      throws Exception {
    // Given
    AtomicInteger status = new AtomicInteger(500);
    node.receiver.answer("/dead", any -> Reply.of(status.get()));
    node.push(uri, "zero");
    var subscription = node.subscribe(uri, "/dead", false);

    // When
    Verdict.Accepted accepted = (Verdict.Accepted) node.push(uri, "doomed");

    // Then
    String dead =
        "select count(*) from dead_letter where subscription_id = " + subscription.subscription();
    await().atMost(Duration.ofSeconds(20)).until(() -> TestNode.number(DATABASE, dead) == 1);
    assertThat(node.receiver.at("/dead")).hasSize(3);
    assertThat(node.receiver.at("/dead").stream().map(each -> each.header("webhook-id")).distinct())
        .hasSize(1);

    // When
    status.set(204);
    assertThat(node.redeliver(uri, subscription.subscription(), accepted.update()))
        .isInstanceOf(Verdict.Done.class);

    // Then
    await().atMost(SOON).until(() -> node.receiver.at("/dead").size() == 4);
    String retries =
        "select count(*) from retry where subscription_id = " + subscription.subscription();
    await().atMost(SOON).until(() -> TestNode.number(DATABASE, retries) == 0);
    assertThat(TestNode.number(DATABASE, dead)).isZero();
  }

  @Test
  void aCallbackThatIsDownCostsOneRowAndGetsEverythingInOrderWhenItIsBack() throws Exception {
    // Given
    AtomicInteger status = new AtomicInteger(500);
    node.receiver.answer("/down", any -> Reply.of(status.get()));
    node.push(uri, "zero");
    var subscription = node.subscribe(uri, "/down", false);
    List<String> sent = new ArrayList<>();

    // When
    for (int i = 0; i < 300; i++) {
      sent.add("value " + i);
      node.push(uri, "value " + i);
    }
    String behind =
        "select count(*) from behind where subscription_id = " + subscription.subscription();
    String retries =
        "select count(*) from retry where subscription_id = " + subscription.subscription();
    await().atMost(SOON).until(() -> TestNode.number(DATABASE, behind) == 1);

    // Then
    assertThat(TestNode.number(DATABASE, retries)).isZero();
    int before = node.receiver.at("/down").size();
    assertThat(before).isBetween(5, 20);

    // When
    status.set(204);

    // Then
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> node.receiver.at("/down").size() >= before + 300);
    List<String> delivered = bodies("/down").subList(before, before + 300);
    assertThat(delivered).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(delivered.stream().skip(20)).isEqualTo(sent.subList(20, 300));
    await().atMost(SOON).until(() -> TestNode.number(DATABASE, behind) == 0);
  }

  @Rule("SUB-5")
  @Test
  void afterAnUnsubscribeNothingArrivesAnyMore() throws Exception {
    // Given
    node.push(uri, "zero");
    var subscription = node.subscribe(uri, "/silent", false);
    node.push(uri, "one");
    await().atMost(SOON).until(() -> node.receiver.at("/silent").size() == 1);

    // When
    assertThat(node.unsubscribe(uri, subscription.subscription())).isInstanceOf(Verdict.Done.class);
    node.push(uri, "two");
    node.subscribe(uri, "/witness", false);
    node.push(uri, "three");

    // Then
    await().atMost(SOON).until(() -> node.receiver.at("/witness").size() == 1);
    assertThat(bodies("/silent")).containsExactly("one");
    assertThat(node.unsubscribe(uri, subscription.subscription()))
        .isInstanceOf(Verdict.NotFound.class);
  }

  @Rule("GAP-4")
  @Test
  void a410EndsTheSubscription() throws Exception {
    // Given
    node.receiver.answer("/gone", any -> Reply.of(410));
    node.push(uri, "zero");
    var subscription = node.subscribe(uri, "/gone", false);

    // When
    node.push(uri, "one");

    // Then
    String ended =
        "select count(*) from subscription where reason = 'gone' and id = "
            + subscription.subscription();
    await().atMost(SOON).until(() -> TestNode.number(DATABASE, ended) == 1);
    assertThat(node.receiver.at("/gone")).hasSize(1);
  }

  @Test
  void aReusedIdempotencyKeyAnswersTheFirstIdAndRefusesAnotherBody() throws Exception {
    // Given
    Verdict.Accepted first = (Verdict.Accepted) node.push(uri, "body", "key-1");

    // When
    Verdict same = node.push(uri, "body", "key-1");
    Verdict other = node.push(uri, "another", "key-1");

    // Then
    assertThat(same).isEqualTo(new Verdict.Accepted(first.update(), false, true));
    assertThat(other).isInstanceOf(Verdict.KeyReused.class);
  }

  @Test
  void aHeldSubscriptionIsSilentAndGoesOnWhereItStopped() throws Exception {
    // Given
    node.push(uri, "zero");
    var subscription = node.subscribe(uri, "/held", false);
    node.push(uri, "one");
    await().atMost(SOON).until(() -> node.receiver.at("/held").size() == 1);
    assertThat(node.hold(uri, subscription.subscription(), true)).isInstanceOf(Verdict.Done.class);

    // When
    node.push(uri, "two");
    node.push(uri, "three");
    node.subscribe(uri, "/held-witness", false);
    node.push(uri, "four");
    await().atMost(SOON).until(() -> node.receiver.at("/held-witness").size() == 1);

    // Then
    assertThat(bodies("/held")).containsExactly("one");
    node.hold(uri, subscription.subscription(), false);
    await().atMost(SOON).until(() -> node.receiver.at("/held").size() == 4);
    assertThat(bodies("/held")).containsExactly("one", "two", "three", "four");
  }

  @Test
  void aNewOwnerGoesOnWhereTheOldOneWasCutOff() throws Exception {
    // Given
    node.push(uri, "zero");
    node.subscribe(uri, "/cut", false);
    for (int i = 0; i < 20; i++) {
      node.push(uri, "before " + i);
    }

    // When
    DATABASE.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
            + " 'livehook-flush' and datname = current_database()");
    await().atMost(SOON).until(() -> node.push(uri, "after") instanceof Verdict.Accepted);

    // Then
    await().atMost(SOON).until(() -> bodies("/cut").contains("after"));
    List<String> distinct = bodies("/cut").stream().distinct().toList();
    assertThat(distinct).hasSize(21).startsWith("before 0").endsWith("after");
  }

  @Test
  void anOwnerWhoseRowWasEndedWritesNothingMore() throws Exception {
    // Given
    node.push(uri, "zero");
    String last = "select max(id) from owner";
    long before = TestNode.number(DATABASE, last);

    // When
    DATABASE.execute("update owner set ended_at = now() where ended_at is null");
    Verdict refused = node.push(uri, "late");

    // Then
    assertThat(refused).isInstanceOf(Verdict.Unavailable.class);
    assertThat(
            TestNode.number(
                DATABASE,
                "select count(*) from update_log u join resource r on r.id = u.resource_id where"
                    + " r.uri = '"
                    + uri
                    + "'"))
        .isEqualTo(1);
    await().atMost(SOON).until(() -> node.push(uri, "later") instanceof Verdict.Accepted);
    assertThat(TestNode.number(DATABASE, last)).isGreaterThan(before);
  }

  @Rule("GAP-6")
  @Test
  void strictOrderHoldsLaterUpdatesUntilTheFailedOneHasEnded() throws Exception {
    // Given
    AtomicInteger failures = new AtomicInteger(1);
    node.receiver.answer("/strict", any -> Reply.of(failures.getAndDecrement() > 0 ? 500 : 204));
    node.push(uri, "zero");
    node.subscribe(uri, "/strict", true);

    // When
    node.push(uri, "one");
    node.push(uri, "two");

    // Then
    await().atMost(SOON).until(() -> node.receiver.at("/strict").size() == 3);
    assertThat(bodies("/strict")).containsExactly("one", "one", "two");
  }
}
