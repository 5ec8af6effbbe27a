package io.livehook.lane;

import io.livehook.lane.FlushBatch.RetryKey;
import io.livehook.lane.FlushBatch.RetryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Retries wait as rows; those due soon are in memory (PROTOCOL, Retries). They share {@code
 * max_in_flight} with first attempts, alternating, and wait while their callback is down.
 *
 * <pre>
 *   row read ─▶ WAITING ── due ──▶ DUE ── started ──▶ RUNNING ── ended ──▶ UNFLUSHED ── flushed ──▶ (gone)
 *                  ▲                                     │ failed              │
 *                  └── flushed, due soon ─ UNFLUSHED ◀───┘                     └─ not due soon ─▶ (gone)
 * </pre>
 */
public final class Retries {
  enum State {
    WAITING,
    DUE,
    RUNNING,
    UNFLUSHED
  }

  /** A waiting retry as read: {@code number} is its highest attempt. */
  public record Waiting(
      long subscription, long resource, int lane, long update, int attempts, int number, long at) {}

  /** A retry in memory. */
  static final class Entry {
    final Subscription subscription;
    final long update;
    State state = State.WAITING;
    int used;
    int number;
    long at;
    boolean ends;

    Entry(Subscription subscription, long update) {
      this.subscription = subscription;
      this.update = update;
    }
  }

  private final Owner owner;
  private final Map<RetryKey, Entry> entries = new HashMap<>();
  private final Map<Long, List<Waiting>> unattached = new HashMap<>();
  private long readAt;
  private long readUntil;

  Retries(Owner owner) {
    this.owner = owner;
  }

  /** The window has to be read again. */
  boolean wantsRead() {
    return owner.now >= readAt;
  }

  long nextRead() {
    return readAt;
  }

  long window() {
    readAt = owner.now + Limits.RETRY_EVERY;
    readUntil = owner.now + Limits.RETRY_WINDOW;
    return readUntil;
  }

  void read(List<Waiting> rows, long until) {
    owner.flushes.finished();
    for (Waiting row : rows) {
      Resource resource = owner.lane(row.lane()).resource(row.resource());
      resource.usedAt = owner.now;
      if (resource.loaded) {
        attach(resource, row);
      } else {
        unattached.computeIfAbsent(row.resource(), id -> new ArrayList<>()).add(row);
        owner.loads.want(resource);
      }
    }
  }

  /** A resource was loaded: its waiting retries find their subscriptions. */
  void attach(Resource resource) {
    List<Waiting> rows = unattached.remove(resource.id);
    if (rows != null) {
      rows.forEach(row -> attach(resource, row));
    }
  }

  private void attach(Resource resource, Waiting row) {
    Subscription subscription = owner.subscriptions.of(resource, row.subscription());
    if (subscription == null || !subscription.active) {
      return;
    }
    RetryKey key = new RetryKey(row.subscription(), row.update());
    if (entries.containsKey(key)) {
      return;
    }
    Entry entry = new Entry(subscription, row.update());
    entry.used = row.attempts();
    entry.number = row.number();
    entry.at = row.at();
    keep(key, entry);
    owner.alarms.set(entry.at, entry);
  }

  private void keep(RetryKey key, Entry entry) {
    entries.put(key, entry);
    entry.subscription.retries.add(entry);
  }

  /** Its time has come. */
  void due(Entry entry) {
    if (entry.state == State.WAITING && entry.at <= owner.now && held(entry)) {
      entry.state = State.DUE;
      entry.subscription.due.add(entry);
      owner.dispatch.ready(entry.subscription);
    }
  }

  private boolean held(Entry entry) {
    return entries.get(key(entry)) == entry;
  }

  private static RetryKey key(Entry entry) {
    return new RetryKey(entry.subscription.id, entry.update);
  }

  Delivery start(Entry entry, Update bytes) {
    entry.subscription.due.remove(entry);
    entry.state = State.RUNNING;
    Delivery delivery = new Delivery(entry.subscription, bytes, entry);
    delivery.used = entry.used;
    delivery.number = entry.number;
    return delivery;
  }

  /** A first failure becomes a row. */
  void add(Delivery delivery) {
    Entry entry = new Entry(delivery.subscription, delivery.update.id);
    keep(key(entry), entry);
    again(entry, delivery);
  }

  /** It failed (again): its row says when it is tried next. */
  void again(Entry entry, Delivery delivery) {
    entry.state = State.UNFLUSHED;
    entry.used = delivery.used;
    entry.number = delivery.number;
    entry.at = delivery.retryAt;
    owner.flushes.retry(
        entry,
        new RetryRow(
            entry.subscription.id,
            entry.update,
            entry.subscription.resource.lane.number,
            entry.used,
            entry.at,
            delivery.reason.label()));
  }

  /** It has an end: its row goes. */
  void end(Entry entry) {
    entry.state = State.UNFLUSHED;
    entry.ends = true;
    owner.flushes.retryEnded(entry, key(entry));
  }

  /** A dead letter was taken up again: its row is committed, due now. */
  void redeliver(Subscription subscription, long update) {
    RetryKey key = new RetryKey(subscription.id, update);
    if (entries.containsKey(key)) {
      return;
    }
    Entry entry = new Entry(subscription, update);
    entry.at = owner.now;
    keep(key, entry);
    due(entry);
  }

  /** The row is written or deleted. */
  void flushed(Entry entry) {
    if (!held(entry) || entry.state != State.UNFLUSHED) {
      return;
    }
    if (entry.ends || entry.at > readUntil) {
      drop(entry);
    } else {
      entry.state = State.WAITING;
      owner.alarms.set(entry.at, entry);
    }
  }

  private void drop(Entry entry) {
    entries.remove(key(entry));
    entry.subscription.retries.remove(entry);
  }

  /** Waiting ones of a lane at or below its new floor end in the table: they start no more. */
  void overtake(Lane lane, long floor) {
    for (Entry each : List.copyOf(entries.values())) {
      if (each.update <= floor
          && (each.state == State.WAITING || each.state == State.DUE)
          && each.subscription.resource.lane == lane) {
        each.subscription.due.remove(each);
        drop(each);
      }
    }
  }

  /** The lowest update of a lane whose retry runs or is being written. */
  long lowestRunning(Lane lane) {
    long lowest = Long.MAX_VALUE;
    for (Entry each : entries.values()) {
      if ((each.state == State.RUNNING || each.state == State.UNFLUSHED)
          && each.subscription.resource.lane == lane) {
        lowest = Math.min(lowest, each.update);
      }
    }
    return lowest;
  }

  void forget(Subscription subscription) {
    for (Entry each : List.copyOf(subscription.retries)) {
      drop(each);
    }
    subscription.due.clear();
  }
}
