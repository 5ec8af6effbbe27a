package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.lane.FlushBatch.DeadRow;
import io.livehook.lane.FlushBatch.RetryKey;
import io.livehook.lane.LoadBatch.LoadedBehind;
import io.livehook.lane.LoadBatch.LoadedResource;
import io.livehook.lane.LoadBatch.LoadedSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is owed but gone from the log ends as a dead letter; it is not read for without end. */
class MissingUpdateTest {
  private static final long RESOURCE = 10;
  private static final long SUBSCRIPTION = 20;
  private static final long NOW = LaneIds.EPOCH + 100_000;

  /** Updates in order, at or below the watermark. */
  private static final List<Long> IDS =
      List.of(LaneIds.bound(NOW - 40), LaneIds.bound(NOW - 30), LaneIds.bound(NOW - 20));

  private static final long TAIL = LaneIds.bound(NOW - 10);

  @Test
  void aRetryWhoseUpdateIsMissingEndsAsADeadLetterAndOthersGoOn() {
    // Given
    Log world = new Log(false);
    world.log.remove(IDS.get(1));

    // When
    world.adopt(IDS, null);

    // Then
    assertThat(world.dead)
        .containsExactly(new DeadRow(SUBSCRIPTION, IDS.get(1), 3, "missing_from_log"));
    assertThat(world.retriesEnded).contains(new RetryKey(SUBSCRIPTION, IDS.get(1)));
    assertThat(world.delivered).containsExactlyInAnyOrder(IDS.get(0), IDS.get(2));
    assertThat(world.reads).isLessThanOrEqualTo(IDS.size());
  }

  @Test
  void aRetryOfAnUpdateAboveTheTailIsMissingToo() {
    // Given
    Log world = new Log(false);
    long unknown = LaneIds.bound(NOW + 1_000);

    // When
    world.adopt(List.of(unknown), null);

    // Then
    assertThat(world.dead)
        .containsExactly(new DeadRow(SUBSCRIPTION, unknown, 3, "missing_from_log"));
    assertThat(world.reads).isZero();
  }

  @Test
  void aStrictSubscriptionGoesOnOnceTheEndOfItsMissingRetryIsCommitted() {
    // Given
    Log world = new Log(true);
    world.log.remove(IDS.get(0));

    // When
    world.adopt(List.of(IDS.get(0)), new LoadedBehind(BehindReason.SPILLED, IDS.get(0), 0));

    // Then
    assertThat(world.dead).hasSize(1);
    assertThat(world.delivered).containsExactly(IDS.get(1), IDS.get(2));
    assertThat(world.deadSynchronously).isTrue();
  }

  @Test
  void aFailureInMemoryWhoseUpdateIsTakenOutOfTheLogEnds() {
    // Given
    Log world = new Log(true);
    world.failing = true;
    world.adopt(List.of(), new LoadedBehind(BehindReason.SPILLED, IDS.get(0) - 1, 0));
    assertThat(world.delivered).isEmpty();

    // When
    world.log.remove(IDS.get(0));
    world.failing = false;
    world.forgetBodies();
    world.passTo(NOW + 10_000);

    // Then
    assertThat(world.dead)
        .containsExactly(new DeadRow(SUBSCRIPTION, IDS.get(0), 1, "missing_from_log"));
    assertThat(world.delivered).containsExactly(IDS.get(1), IDS.get(2));
  }

  /** A database whose log can lose rows. */
  private static final class Log extends InstantOrders {
    final Map<Long, LogRow> log = new TreeMap<>();
    final List<DeadRow> dead = new ArrayList<>();
    final List<RetryKey> retriesEnded = new ArrayList<>();
    final List<Long> delivered = new ArrayList<>();
    boolean deadSynchronously = true;
    int reads;
    boolean failing;
    @Nullable Delivery failed;
    private final boolean strict;
    private List<Retries.Waiting> waiting = List.of();
    private @Nullable LoadedBehind behind;

    Log(boolean strict) {
      super(NOW);
      this.strict = strict;
      long sequence = 0;
      for (long id : IDS) {
        log.put(
            id,
            new LogRow(
                id, RESOURCE, 1, ++sequence, UpdateKind.VALUE, null, null, null, new byte[] {1}));
      }
    }

    void adopt(List<Long> retries, @Nullable LoadedBehind behind) {
      this.behind = behind;
      this.waiting =
          retries.stream()
              .map(id -> new Retries.Waiting(SUBSCRIPTION, RESOURCE, 0, id, 3, 3, NOW - 1))
              .toList();
      owner.adopt(
          List.of(new LaneSnapshot(0, TAIL, TAIL, List.of(), List.of(), new long[] {RESOURCE})),
          now);
      passTo(now + 1_000);
    }

    /** As memory does when it needs the room. */
    void forgetBodies() {
      Objects.requireNonNull(failed).update.forgetBody();
      owner.reads.drop(owner.lane(0).resource(RESOURCE));
    }

    /** Rings what is set until then; more facts than any of these needs are a loop. */
    void passTo(long then) {
      for (int turns = 0; ; turns++) {
        assertThat(turns).as("turns").isLessThan(1_000);
        if (!facts.isEmpty()) {
          facts.remove().run();
        } else if (wakeAt <= then) {
          now = Math.max(now, wakeAt);
          wakeAt = Long.MAX_VALUE;
          owner.awake(now);
        } else {
          now = then;
          return;
        }
      }
    }

    @Override
    public void append(AppendBatch batch) {
      throw new AssertionError("nothing is pushed");
    }

    @Override
    public void flush(FlushBatch batch) {
      dead.addAll(batch.dead);
      retriesEnded.addAll(batch.retriesEnded);
      deadSynchronously &= batch.dead.isEmpty() || batch.sync;
      facts.add(() -> owner.flushed(batch, now));
    }

    @Override
    public void change(ChangeBatch batch) {
      throw new AssertionError("nothing is changed");
    }

    @Override
    public void readRetries(int[] lanes, long until) {
      List<Retries.Waiting> rows = waiting;
      waiting = List.of();
      facts.add(() -> owner.retriesRead(rows, until, now));
    }

    @Override
    public void retain(int[] lanes, long[] floors) {
      throw new AssertionError("nothing is forgotten");
    }

    @Override
    public void load(LoadBatch batch) {
      SubscriptionOptions options =
          new SubscriptionOptions("https://c.test/", "c.test", "", strict, 1, null, Long.MAX_VALUE);
      LoadedResource resource =
          new LoadedResource(
              RESOURCE,
              1,
              "r",
              1,
              IDS.size(),
              true,
              null,
              IDS.get(IDS.size() - 1),
              null,
              List.of(new LoadedSubscription(SUBSCRIPTION, "sub", "", options, 1, behind)));
      loaded(batch, resource);
    }

    @Override
    public void readLog(LogRead read) {
      reads++;
      List<LogRow> rows =
          log.values().stream()
              .filter(each -> each.id() > read.from() && each.id() <= read.to())
              .limit(read.limit())
              .toList();
      boolean complete = rows.size() < read.limit();
      facts.add(() -> owner.logRead(read, new LogRead.Result(rows, complete, List.of()), now));
    }

    @Override
    public void connect(Subscription subscription) {
      facts.add(() -> connected(subscription));
    }

    private void connected(Subscription subscription) {
      Delivery delivery = owner.connected(subscription, now);
      if (delivery == null) {
        return;
      }
      if (failing) {
        failed = delivery;
        Outcome retry = new Outcome.Retry(now + 5_000, FailureReason.DEADLINE);
        owner.ended(delivery, retry, ANSWER, false, now);
      } else {
        delivered.add(delivery.update().id);
        owner.ended(delivery, Outcome.Delivered.INSTANCE, ANSWER, false, now);
      }
    }

    @Override
    public void answer(Submission submission, Verdict verdict) {
      throw new AssertionError("nothing is asked");
    }
  }
}
