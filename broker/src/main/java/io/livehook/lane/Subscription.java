package io.livehook.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An active subscription in its owner's memory: one cursor (R8), its open deliveries, and whether
 * it is behind (R9).
 */
public final class Subscription {
  public final long id;
  public final String publicId;
  public final Resource resource;
  final String label;
  final long fromVer;
  SubscriptionOptions options;
  Callback callback;

  /** False once it has ended: nothing starts any more. */
  boolean active = true;

  /** When it was last (re)subscribed; a 410 to an older attempt does not end it (R12). */
  long renewedAt;

  // --- the cursor (R8) ---

  /** Highest update whose first attempt has started or that needs none. */
  long cursor;

  /** While it counts for the watermark: the first link of the chain above the cursor. */
  @Nullable Update next;

  /** At or below this the tables may hold ends from before this owner. */
  long recoveredTo;

  Set<Long> recoveredEnds = Set.of();

  Map<Long, Integer> recoveredNumbers = Map.of();

  /** Open and unflushed first attempts, lowest first. */
  @Nullable Delivery openHead;

  @Nullable Delivery openTail;

  /** Failed deliveries kept in memory. */
  int failed;

  // --- starting ---

  /** Connections asked for and attempts running. */
  int running;

  /** Attempts running. */
  final List<Delivery> attempts = new ArrayList<>(1);

  /** The bytes that a connection was asked for: kept until it is ready. */
  @Nullable Update pinned;

  /** They are those of the next first attempt. */
  boolean pinnedFirst;

  boolean queued;
  boolean reading;
  boolean retryNext;

  /** Retries in memory that are due, and all of them. */
  final ArrayDeque<Retries.Entry> due = new ArrayDeque<>(1);

  final List<Retries.Entry> retries = new ArrayList<>(0);

  /** A dead letter or gap must be committed before newer first attempts start (R13). */
  boolean awaitsFlush;

  // --- behind (R9) ---

  @Nullable BehindReason behind;
  boolean held;

  /** A row exists, as far as was read: it does not count for the watermark. */
  boolean uncounted;

  long since;
  long sinceAt;
  int version;

  /** For the shell: prebuilt target and headers. */
  public @Nullable Object prepared;

  Subscription(
      long id,
      String publicId,
      Resource resource,
      String label,
      long fromVer,
      SubscriptionOptions options,
      Callback callback) {
    this.id = id;
    this.publicId = publicId;
    this.resource = resource;
    this.label = label;
    this.fromVer = fromVer;
    this.options = options;
    this.callback = callback;
  }

  /** The consumer under whose label it was made. */
  public String label() {
    return label;
  }

  public SubscriptionOptions options() {
    return options;
  }

  /** Learns what the tables hold of a delivery from before this owner. */
  void recover(LogRead.RecoveredAttempt attempt) {
    if (attempt.ended()) {
      if (recoveredEnds.isEmpty()) {
        recoveredEnds = new HashSet<>();
      }
      recoveredEnds.add(attempt.update());
    } else {
      if (recoveredNumbers.isEmpty()) {
        recoveredNumbers = new HashMap<>();
      }
      recoveredNumbers.merge(attempt.update(), attempt.number(), Math::max);
    }
  }

  /** R7, the part that never changes while it lives: asked for before, the kind suits, no end. */
  boolean owed(Update update) {
    return fromVer <= update.subVer
        && options.mode().suits(update.kind)
        && (update.id > recoveredTo || !recoveredEnds.contains(update.id));
  }

  /** R7, the part that is asked when an attempt starts: active now, and its lease runs. */
  boolean mayStart(long now) {
    return active && !held && now < options.leaseUntil();
  }

  boolean strict() {
    return options.strict();
  }

  int maxInFlight() {
    return options.strict() ? 1 : options.maxInFlight();
  }

  void open(Delivery delivery) {
    delivery.previousOpen = openTail;
    if (openTail == null) {
      openHead = delivery;
    } else {
      openTail.nextOpen = delivery;
    }
    openTail = delivery;
  }

  void close(Delivery delivery) {
    Delivery before = delivery.previousOpen;
    Delivery after = delivery.nextOpen;
    if (before == null) {
      openHead = after;
    } else {
      before.nextOpen = after;
    }
    if (after == null) {
      openTail = before;
    } else {
      after.previousOpen = before;
    }
    delivery.previousOpen = null;
    delivery.nextOpen = null;
  }

  /** The lowest failed delivery in memory, or null. */
  @Nullable Delivery lowestFailed() {
    if (failed == 0) {
      return null;
    }
    Delivery each = openHead;
    while (each != null && each.state != Delivery.State.FAILED) {
      each = each.nextOpen;
    }
    return each;
  }

  /** The lowest running or failed first attempt, or null. */
  @Nullable Delivery lowestOpen() {
    Delivery each = openHead;
    while (each != null && each.state == Delivery.State.ENDED) {
      each = each.nextOpen;
    }
    return each;
  }

  /** The schedule's sum: what is owed for longer is given up. */
  long giveUpAfter(long otherwise) {
    String schedule = options.retrySchedule();
    if (schedule == null) {
      return otherwise;
    }
    long sum = 0;
    for (String seconds : schedule.split(",")) {
      sum += Long.parseLong(seconds.trim()) * 1000;
    }
    return sum;
  }
}
