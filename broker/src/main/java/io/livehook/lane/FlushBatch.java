package io.livehook.lane;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One flush transaction (R11): everything that ended since the one before. */
public final class FlushBatch {
  public final List<Attempt> attempts = new ArrayList<>();
  public final List<RetryRow> retries = new ArrayList<>();
  public final List<RetryKey> retriesEnded = new ArrayList<>();
  public final List<DeadRow> dead = new ArrayList<>();
  public final List<GapRow> gaps = new ArrayList<>();
  public final List<BehindRow> behind = new ArrayList<>();
  public final List<Long> behindEnded = new ArrayList<>();

  /** Commit synchronously: something newer waits for it (R13). */
  public boolean sync;

  final List<Delivery> ends = new ArrayList<>();
  final List<Retries.Entry> entries = new ArrayList<>();
  final List<Subscription> awaited = new ArrayList<>();

  /** Only attempts: the hot shape. */
  public boolean onlyAttempts() {
    return !sync
        && retries.isEmpty()
        && retriesEnded.isEmpty()
        && dead.isEmpty()
        && gaps.isEmpty()
        && behind.isEmpty()
        && behindEnded.isEmpty();
  }

  boolean isEmpty() {
    return attempts.isEmpty() && ends.isEmpty() && onlyAttempts();
  }

  /**
   * One batch per delivery, since its end and its retry row must not part, and one for each other
   * row; in an order that suits a transaction each: no bound before what it passes over.
   */
  public List<FlushBatch> split() {
    Map<RetryKey, FlushBatch> deliveries = new LinkedHashMap<>();
    dead.forEach(each -> of(deliveries, each.subscription(), each.update()).dead.add(each));
    attempts.forEach(each -> of(deliveries, each.subscription(), each.update()).attempts.add(each));
    retriesEnded.forEach(
        each -> of(deliveries, each.subscription(), each.update()).retriesEnded.add(each));
    retries.forEach(each -> of(deliveries, each.subscription(), each.update()).retries.add(each));
    List<FlushBatch> parts = new ArrayList<>(deliveries.values());
    gaps.forEach(each -> single(parts).gaps.add(each));
    behindEnded.forEach(each -> single(parts).behindEnded.add(each));
    behind.forEach(each -> single(parts).behind.add(each));
    return parts;
  }

  private static FlushBatch of(
      Map<RetryKey, FlushBatch> deliveries, long subscription, long update) {
    return deliveries.computeIfAbsent(new RetryKey(subscription, update), key -> new FlushBatch());
  }

  private static FlushBatch single(List<FlushBatch> parts) {
    FlushBatch part = new FlushBatch();
    parts.add(part);
    return part;
  }

  /** Leaves out what callbacks said, which PostgreSQL may refuse; the facts stay. */
  public void forgetAnswers() {
    attempts.replaceAll(Attempt::withoutAnswer);
  }

  /** For a log line: what it holds, without payloads. */
  public String describe() {
    return "attempts="
        + attempts.size()
        + " retries="
        + retries
        + " ended="
        + retriesEnded
        + " dead="
        + dead
        + " gaps="
        + gaps
        + " behindEnded="
        + behindEnded;
  }

  /** Facts that came later join this batch, which was rolled back; where both speak, they win. */
  void add(FlushBatch later) {
    later.behind.forEach(
        row -> {
          behindEnded.remove(row.subscription().id);
          behind.removeIf(each -> each.subscription() == row.subscription());
        });
    later.behindEnded.forEach(id -> behind.removeIf(each -> each.subscription().id == id));
    attempts.addAll(later.attempts);
    retries.addAll(later.retries);
    retriesEnded.addAll(later.retriesEnded);
    dead.addAll(later.dead);
    gaps.addAll(later.gaps);
    behind.addAll(later.behind);
    behindEnded.addAll(later.behindEnded);
    sync |= later.sync;
    ends.addAll(later.ends);
    entries.addAll(later.entries);
    awaited.addAll(later.awaited);
  }

  /** Nothing of a subscription but attempts made is written any more. */
  void forget(Subscription subscription) {
    long id = subscription.id;
    retries.removeIf(each -> each.subscription() == id);
    retriesEnded.removeIf(each -> each.subscription() == id);
    dead.removeIf(each -> each.subscription() == id);
    gaps.removeIf(each -> each.subscription() == id);
    forgetBehind(subscription);
  }

  /** What a batch that was rolled back said of its behind row; of two the later is true. */
  void forgetBehind(Subscription subscription) {
    behind.removeIf(each -> each.subscription() == subscription);
    behindEnded.remove(subscription.id);
  }

  /** One POST that was made. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Attempt(
      long update,
      long subscription,
      int number,
      long at,
      int duration,
      short status,
      boolean ended,
      @Nullable String reason,
      byte @Nullable [] answer) {
    Attempt withoutAnswer() {
      return new Attempt(update, subscription, number, at, duration, status, ended, null, null);
    }
  }

  /** A failed delivery that waits; {@code attempts} of its schedule are used up. */
  public record RetryRow(
      long subscription, long update, int lane, int attempts, long nextAt, String reason) {}

  /** Names a waiting retry. */
  public record RetryKey(long subscription, long update) {}

  /** A delivery given up. */
  public record DeadRow(long subscription, long update, int attempts, String reason) {}

  /** Deliveries given up together, in (from, to]. */
  public record GapRow(long subscription, long resource, long from, long to, String reason) {}

  /** Where a subscription that is behind goes on. */
  public record BehindRow(
      Subscription subscription, long since, BehindReason reason, long probeAt, int version) {}
}
