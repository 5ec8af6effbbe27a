package io.livehook.lane;

import io.livehook.lane.FlushBatch.Attempt;
import io.livehook.lane.FlushBatch.BehindRow;
import io.livehook.lane.FlushBatch.DeadRow;
import io.livehook.lane.FlushBatch.GapRow;
import io.livehook.lane.FlushBatch.RetryKey;
import io.livehook.lane.FlushBatch.RetryRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * R11: the flush connection, one statement at a time, in order: flush, watermark, subscription
 * changes, the reading of due retries. What has ended is let go only when its flush was read as
 * committed.
 */
final class Flushes {
  private final Owner owner;
  private FlushBatch open = new FlushBatch();

  /** Subscriptions that ended while a flush was under way. */
  private final List<Subscription> ended = new ArrayList<>(0);

  private @Nullable FlushBatch underWay;
  private boolean busy;
  private long openSince = Long.MAX_VALUE;
  private long underWaySince = Long.MAX_VALUE;
  private long watermarkAt;

  Flushes(Owner owner) {
    this.owner = owner;
  }

  // --- what ends ---

  void attempt(Attempt attempt) {
    open.attempts.add(attempt);
    touch();
  }

  void end(Delivery delivery) {
    open.ends.add(delivery);
    touch();
  }

  void retry(Retries.Entry entry, RetryRow row) {
    open.retries.add(row);
    open.entries.add(entry);
    touch();
  }

  void retryEnded(Retries.Entry entry, RetryKey key) {
    open.retriesEnded.add(key);
    open.entries.add(entry);
    touch();
  }

  void dead(DeadRow row) {
    open.dead.add(row);
  }

  /** Newer first attempts of this subscription wait until the open flush is committed (R13). */
  void awaited(Subscription subscription) {
    open.sync = true;
    open.awaited.add(subscription);
    touch();
  }

  void gap(Subscription subscription, GapRow row) {
    open.gaps.add(row);
    awaited(subscription);
  }

  /** Something is to be flushed. */
  void touch() {
    if (openSince == Long.MAX_VALUE) {
      openSince = owner.now;
    }
  }

  /** A subscription ended: nothing of it but attempts made is written any more. */
  void forget(Subscription subscription) {
    open.forget(subscription);
    FlushBatch sent = underWay;
    if (sent != null) {
      ended.add(subscription);
    }
    owner.behinds.forget(subscription);
  }

  // --- bounds ---

  /** R6: attempts start only while their ends can be flushed in time. */
  boolean roomForEnds() {
    int unflushed = open.ends.size() + (underWay == null ? 0 : underWay.ends.size());
    return unflushed <= Limits.UNFLUSHED
        && Math.min(openSince, underWaySince) > owner.now - Limits.UNFLUSHED_AGE;
  }

  /** Nothing is left to be written. */
  boolean clean() {
    return !busy && open.isEmpty() && !owner.behinds.pending();
  }

  long nextDue() {
    if (busy) {
      return Long.MAX_VALUE;
    }
    long at = openSince == Long.MAX_VALUE ? openSince : openSince + owner.limits.flushAfter();
    return Math.min(at, Math.min(owner.retries.nextRead(), watermarkAt));
  }

  // --- the connection ---

  void send() {
    if (busy) {
      return;
    }
    if (owner.changes.waiting()) {
      if (flushIf(true) || owner.changes.send()) {
        busy = true;
      }
    } else if (owner.retention.wanted()) {
      busy = flushIf(true) || owner.retention.send();
    } else if (owner.now >= watermarkAt && sendWatermark()) {
      busy = true;
    } else if (owner.retries.wantsRead()) {
      busy = true;
      owner.orders.readRetries(owned(), owner.retries.window());
    } else {
      busy = flushIf(isDue());
    }
  }

  private boolean isDue() {
    return openSince != Long.MAX_VALUE
        && (open.sync
            || open.attempts.size() >= owner.limits.flushAt()
            || owner.draining()
            || owner.now - openSince >= owner.limits.flushAfter());
  }

  private boolean flushIf(boolean due) {
    if (!due || openSince == Long.MAX_VALUE) {
      return false;
    }
    FlushBatch batch = open;
    owner.behinds.into(batch);
    underWaySince = openSince;
    openSince = Long.MAX_VALUE;
    open = new FlushBatch();
    if (batch.isEmpty()) {
      underWaySince = Long.MAX_VALUE;
      return false;
    }
    if (owner.behinds.pending()) {
      touch();
    }
    underWay = batch;
    owner.orders.flush(batch);
    return true;
  }

  private int[] owned() {
    @Nullable Lane[] lanes = owner.lanes();
    int[] numbers = new int[lanes.length];
    int count = 0;
    for (Lane lane : lanes) {
      if (lane != null) {
        numbers[count++] = lane.number;
      }
    }
    return Arrays.copyOf(numbers, count);
  }

  /** One statement for all lanes whose watermark can move. */
  private boolean sendWatermark() {
    watermarkAt = owner.now + Limits.WATERMARK_EVERY;
    @Nullable Lane[] lanes = owner.lanes();
    int[] numbers = new int[lanes.length];
    long[] watermarks = new long[lanes.length];
    int count = 0;
    for (Lane lane : lanes) {
      if (lane == null) {
        continue;
      }
      long reached = lane.watermark.reachable();
      if (reached > lane.watermark.sent) {
        lane.watermark.send(reached, owner.now);
        numbers[count] = lane.number;
        watermarks[count++] = reached;
      }
    }
    if (count == 0) {
      return false;
    }
    owner.orders.watermark(Arrays.copyOf(numbers, count), Arrays.copyOf(watermarks, count));
    return true;
  }

  // --- facts ---

  /** The statement on the connection is over. */
  void finished() {
    busy = false;
  }

  void flushed(FlushBatch batch) {
    finished();
    ended.clear();
    underWay = null;
    underWaySince = Long.MAX_VALUE;
    for (Delivery each : batch.ends) {
      owner.subscriptions.letGo(each);
      if (each.entry == null) {
        each.subscription.close(each);
      }
    }
    for (Retries.Entry each : batch.entries) {
      owner.retries.flushed(each);
    }
    for (BehindRow each : batch.behind) {
      owner.behinds.flushed(each);
    }
    for (Subscription each : batch.awaited) {
      each.awaitsFlush = false;
      owner.dispatch.ready(each);
    }
    for (Delivery each : batch.ends) {
      if (each.subscription.behind != null) {
        owner.behinds.recheck(each.subscription);
      }
    }
  }

  /** Rolled back on a living connection: the same facts go again. */
  void refused(FlushBatch batch) {
    finished();
    FlushBatch later = open;
    ended.forEach(batch::forget);
    ended.clear();
    underWay = null;
    open = batch;
    openSince = Math.min(underWaySince, openSince);
    underWaySince = Long.MAX_VALUE;
    batch.add(later);
  }
}
