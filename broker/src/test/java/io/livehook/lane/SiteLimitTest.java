package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.lane.Submission.Actor;
import io.livehook.lane.Submission.Representation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** SUB-4 and R13: a registrable domain has a limit whatever the number of its hosts. */
class SiteLimitTest {
  private static final int PER_HOST = Limits.DEFAULT.runningPerHost();
  private static final int PER_SITE = Limits.DEFAULT.runningPerSite();

  @Test
  void aThousandHostsOfOneDomainTakeItsLimitAndNoMore() {
    // Given
    Waiting world = new Waiting();
    for (int i = 0; i < 1_000; i++) {
      world.subscribe("evil.com https://h" + i + ".evil.com:443", "https://h" + i + ".evil.com/");
    }
    world.subscribe("good.com https://good.com:443", "https://good.com/");

    // When
    world.push();

    // Then
    assertThat(world.connecting).hasSize(PER_SITE + 1);
    assertThat(world.connecting.getLast().callback.uri).isEqualTo("https://good.com/");
  }

  @Test
  void theHostsOfADomainTakeTurnsUntilAllIsDelivered() {
    // Given
    Waiting world = new Waiting();
    for (int i = 0; i < 1_000; i++) {
      world.subscribe("evil.com https://h" + i % 500 + ".evil.com:443", "https://h.evil.com/" + i);
    }
    world.push();

    // When
    int most = 0;
    while (!world.connecting.isEmpty()) {
      most = Math.max(most, world.connecting.size());
      world.deliverOldest();
    }

    // Then
    assertThat(most).isEqualTo(PER_SITE);
    assertThat(world.delivered).hasSize(500).allSatisfy((host, n) -> assertThat(n).isEqualTo(2));
  }

  @Test
  void aHostKeepsItsOwnLimitWithinTheDomain() {
    // Given
    Waiting world = new Waiting();
    for (int i = 0; i < 2 * PER_HOST; i++) {
      world.subscribe("evil.com https://one.evil.com:443", "https://one.evil.com/" + i);
    }

    // When
    world.push();

    // Then
    assertThat(world.connecting).hasSize(PER_HOST);
  }

  /** A world in which connections wait for the test, and everything else is done at once. */
  private static final class Waiting implements Orders {
    private static final Owner.Answer ANSWER = new Owner.Answer((short) 204, null, null);

    final ArrayDeque<Subscription> connecting = new ArrayDeque<>();
    final Map<String, Integer> delivered = new HashMap<>();
    private final ArrayDeque<Runnable> facts = new ArrayDeque<>();
    private final Owner owner;
    private final long now = LaneIds.EPOCH + 1_000;
    private int subscriptions;

    Waiting() {
      owner = new Owner(1, 1, Limits.DEFAULT, this, now);
      owner.adopt(List.of(new LaneSnapshot(0, 0, 0, List.of(), List.of(), new long[0])), now);
      push();
    }

    void subscribe(String host, String callback) {
      SubscriptionOptions options =
          new SubscriptionOptions(callback, host, "", false, 1, null, Long.MAX_VALUE);
      String id = "p" + subscriptions++;
      owner.submit(new Submission.Subscribe(1, "r", 0, "", id, options, new Actor("a", "b")), now);
      drain();
    }

    void push() {
      owner.submit(
          new Submission.Push(
              1,
              "r",
              0,
              UpdateKind.VALUE,
              new Representation(null, null, null, new byte[] {1}),
              null,
              null),
          now);
      drain();
    }

    void deliverOldest() {
      Delivery delivery = owner.connected(connecting.remove(), now);
      if (delivery != null) {
        delivered.merge(delivery.subscription.callback.host.name, 1, Integer::sum);
        owner.ended(delivery, Outcome.Delivered.INSTANCE, ANSWER, false, now);
      }
      drain();
    }

    private void drain() {
      while (!facts.isEmpty()) {
        facts.remove().run();
      }
    }

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
    public void wakeAt(long at) {}

    @Override
    public void note(Note note, @Nullable Subscription subscription, long number) {}
  }
}
