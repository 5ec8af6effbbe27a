package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.lane.Submission.Actor;
import io.livehook.lane.Submission.Representation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world for one owner in which every order is carried out at once and its fact waits its turn.
 * The database is empty. Subclasses say what is different, and what becomes of connections.
 */
abstract class InstantOrders implements Orders {
  static final Owner.Answer ANSWER = new Owner.Answer((short) 204, null, null);

  final ArrayDeque<Runnable> facts = new ArrayDeque<>();
  final Owner owner;
  long now;
  long wakeAt = Long.MAX_VALUE;
  private int subscriptions;

  InstantOrders(long now) {
    this.now = now;
    this.owner = new Owner(1, 1, Limits.DEFAULT, this, now);
  }

  /** The owner gets its lane, with nothing in it. */
  final void adoptNothing() {
    owner.adopt(List.of(new LaneSnapshot(0, 0, 0, List.of(), List.of(), new long[0])), now);
  }

  final void subscribe(String host, String callback) {
    SubscriptionOptions options =
        new SubscriptionOptions(callback, host, "", false, 1, null, Long.MAX_VALUE);
    String id = "p" + subscriptions++;
    owner.submit(new Submission.Subscribe(1, "r", 0, "", id, options, new Actor("a", "b")), now);
    drain();
  }

  final void push(byte[] body) {
    owner.submit(
        new Submission.Push(
            1, "r", 0, UpdateKind.VALUE, new Representation(null, null, null, body), null, null),
        now);
    drain();
  }

  /** Tells the facts, and those that come of them. */
  void drain() {
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
    Arrays.fill(found, true);
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
    loaded(batch, null);
  }

  /** Each resource that is asked for is like this one; null = there is none. */
  final void loaded(LoadBatch batch, LoadBatch.@Nullable LoadedResource found) {
    List<LoadBatch.@Nullable LoadedResource> rows = new ArrayList<>();
    batch.resources().forEach(each -> rows.add(found));
    facts.add(() -> owner.loaded(batch, rows, now));
  }

  @Override
  public void readLog(LogRead read) {
    throw new AssertionError("nothing has to be read back");
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
