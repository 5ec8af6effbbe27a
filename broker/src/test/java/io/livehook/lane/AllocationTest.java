package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.lane.Submission.Actor;
import io.livehook.lane.Submission.Representation;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hot path allocates little: an update, a delivery and its attempt, and nothing per step. */
class AllocationTest {
  private static final int FANOUT = 10;
  private static final int MOST_BYTES_PER_DELIVERY = 400;

  @Test
  void aDeliveryAllocatesLessThan400BytesInTheLane() {
    // Given
    Instant world = new Instant();
    world.run(20_000);

    // When
    long before = allocated();
    world.run(20_000);
    long perDelivery = (allocated() - before) / (20_000L * FANOUT);

    // Then
    System.out.println("lane: " + perDelivery + " bytes per delivery at fan-out " + FANOUT);
    assertThat(world.delivered).isEqualTo(40_000L * FANOUT);
    assertThat(perDelivery).isLessThan(MOST_BYTES_PER_DELIVERY);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** A world in which every order is carried out at once, in turn. */
  private static final class Instant implements Orders {
    private final ArrayDeque<Runnable> facts = new ArrayDeque<>();
    private final List<Subscription> connecting = new ArrayList<>();
    private final byte[] body = new byte[1024];
    private final Owner owner;
    private long now = LaneIds.EPOCH + 1_000;
    private long wakeAt = Long.MAX_VALUE;
    long delivered;

    Instant() {
      owner = new Owner(1, 1, Limits.DEFAULT, this, now);
      owner.adopt(List.of(new LaneSnapshot(0, 0, 0, List.of(), List.of(), new long[0])), now);
      push();
      for (int i = 0; i < FANOUT; i++) {
        SubscriptionOptions options =
            new SubscriptionOptions("c" + i, "h" + i, "", false, 1, null, Long.MAX_VALUE);
        owner.submit(
            new Submission.Subscribe(1, "r", 0, "", "p" + i, options, new Actor("a", "b")), now);
        drain();
      }
    }

    void run(int updates) {
      for (int i = 0; i < updates; i++) {
        push();
        if (i % 10 == 9) {
          now += 3;
          if (wakeAt <= now) {
            wakeAt = Long.MAX_VALUE;
            owner.awake(now);
            drain();
          }
        }
      }
    }

    private void push() {
      owner.submit(
          new Submission.Push(
              1, "r", 0, UpdateKind.VALUE, new Representation(null, null, null, body), null, null),
          now);
      drain();
    }

    private void drain() {
      for (; ; ) {
        if (!connecting.isEmpty()) {
          Delivery delivery = owner.connected(connecting.remove(connecting.size() - 1), now);
          if (delivery != null) {
            delivered++;
            owner.ended(delivery, Outcome.Delivered.INSTANCE, ANSWER, false, now);
          }
        } else if (!facts.isEmpty()) {
          facts.remove().run();
        } else {
          return;
        }
      }
    }

    private static final Owner.Answer ANSWER = new Owner.Answer((short) 204, null, null);

    @Override
    public void append(AppendBatch batch) {
      facts.add(() -> owner.appended(batch, new AppendBatch.Result(null), now));
    }

    @Override
    public void flush(FlushBatch batch) {
      facts.add(() -> owner.flushed(batch, now));
    }

    @Override
    public void watermark(int[] lanes, long[] watermarks) {
      facts.add(() -> owner.watermarkWritten(now));
    }

    @Override
    public void change(ChangeBatch batch) {
      boolean[] found = new boolean[batch.changes().size()];
      java.util.Arrays.fill(found, true);
      facts.add(() -> owner.changed(batch, found, now));
    }

    @Override
    public void readRetries(int[] lanes, long until) {
      facts.add(() -> owner.retriesRead(List.of(), until, now));
    }

    @Override
    public void retain(int[] lanes, long[] floors) {
      facts.add(() -> owner.retained(now));
    }

    @Override
    public void load(LoadBatch batch) {
      List<LoadBatch.@Nullable LoadedResource> none = new ArrayList<>();
      batch.resources().forEach(each -> none.add(null));
      facts.add(() -> owner.loaded(batch, none, now));
    }

    @Override
    public void readLog(LogRead read) {
      throw new AssertionError("nothing has to be read back");
    }

    @Override
    public void connect(Subscription subscription) {
      connecting.add(subscription);
    }

    @Override
    public void abort(Delivery delivery) {
      throw new AssertionError("nothing is aborted");
    }

    @Override
    public void answer(Submission submission, Verdict verdict) {
      boolean good = verdict instanceof Verdict.Accepted || verdict instanceof Verdict.Subscribed;
      assertThat(good).isTrue();
    }

    @Override
    public void wakeAt(long at) {
      wakeAt = at;
    }

    @Override
    public void note(Note note, @Nullable Subscription subscription, long number) {}
  }
}
