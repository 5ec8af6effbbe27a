package io.livehook.lane;

import io.livehook.lane.Callback.Host;
import io.livehook.lane.Callback.Site;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may start an attempt, and which (R8, R13): callback hosts take turns, within their
 * registrable domain's limit, the subscriptions of a host take turns, and the delivery is chosen
 * when a connection is ready.
 */
final class Dispatch {
  private final Owner owner;
  private final ArrayDeque<Host> hosts = new ArrayDeque<>();
  private int running;

  /** Running first attempts, oldest first, that are not known to be slow. */
  private @Nullable Delivery oldest;

  private @Nullable Delivery newest;

  // What pick() found: one of the first three, and the bytes to send.
  private @Nullable Delivery pickedFailed;
  private Retries.@Nullable Entry pickedRetry;
  private @Nullable Update pickedFirst;
  private @Nullable Update pickedBytes;

  Dispatch(Owner owner) {
    this.owner = owner;
  }

  int running() {
    return running;
  }

  boolean hasReady() {
    return !hosts.isEmpty();
  }

  /** It may have something to start. */
  void ready(Subscription subscription) {
    if (subscription.queued || !subscription.active) {
      return;
    }
    subscription.queued = true;
    Host host = subscription.callback.host;
    host.queue.add(subscription);
    list(host);
  }

  private void list(Host host) {
    if (host.listed || host.running >= owner.limits.runningPerHost()) {
      return;
    }
    if (isFull(host.site)) {
      park(host);
    } else {
      host.listed = true;
      hosts.add(host);
    }
  }

  private boolean isFull(Site site) {
    return site.running >= owner.limits.runningPerSite();
  }

  /** It waits for a slot of its registrable domain, without a place among the hosts. */
  private static void park(Host host) {
    if (!host.parked) {
      host.parked = true;
      host.site.parked.add(host);
    }
  }

  /** A slot of the domain is free for the host that has waited longest. */
  private void unpark(Site site) {
    for (Host each; (each = site.parked.poll()) != null; ) {
      each.parked = false;
      if (!each.queue.isEmpty()) {
        list(each);
        return;
      }
    }
  }

  /** Asks for connections while there are slots. */
  void pump() {
    while (running < owner.limits.running() && owner.starts() && owner.flushes.roomForEnds()) {
      Host host = hosts.poll();
      if (host == null) {
        return;
      }
      host.listed = false;
      if (isFull(host.site)) {
        park(host);
        continue;
      }
      Subscription subscription = host.queue.poll();
      if (subscription == null) {
        continue;
      }
      subscription.queued = false;
      if (mayConnect(subscription)) {
        if (pick(subscription)) {
          subscription.running++;
          host.running++;
          host.site.running++;
          running++;
          subscription.pinned = pickedBytes;
          subscription.pinnedFirst = pickedFirst != null;
          owner.orders.connect(subscription);
        } else {
          owner.callbacks.missed(subscription);
        }
      }
      if (!host.queue.isEmpty()) {
        list(host);
      }
    }
  }

  /** It has a slot, and no connection asked for that is not ready yet. */
  private static boolean mayConnect(Subscription subscription) {
    return subscription.running == subscription.attempts.size()
        && subscription.running < subscription.maxInFlight();
  }

  /** A connection is ready: the choice is made now, so that bytes are written in order. */
  @Nullable Delivery connected(Subscription subscription) {
    boolean picked = owner.starts() && pick(subscription);
    subscription.pinned = null;
    if (!picked) {
      release(subscription);
      owner.callbacks.missed(subscription);
      return null;
    }
    Delivery delivery = chosen(subscription);
    delivery.state = Delivery.State.RUNNING;
    delivery.slow = false;
    delivery.number++;
    delivery.startedAt = owner.now;
    delivery.further = merges(delivery) ? further(delivery) : List.of();
    subscription.attempts.add(delivery);
    owner.callbacks.started(delivery);
    if (delivery.entry == null) {
      watch(delivery);
    }
    if (subscription.running < subscription.maxInFlight()) {
      ready(subscription);
    }
    return delivery;
  }

  /** DLV-5: only in strict order, where nothing else of the subscription is on its way. */
  private static boolean merges(Delivery delivery) {
    Subscription subscription = delivery.subscription;
    return subscription.options.merge()
        && subscription.strict()
        && delivery.entry == null
        && delivery.update.kind == UpdateKind.CHANGES;
  }

  private static List<Update> further(Delivery delivery) {
    return Reads.further(delivery.subscription, delivery.update, Limits.MERGED);
  }

  /**
   * What went in the request of another: it starts and ends with it. Null: it has started since.
   */
  @Nullable Delivery with(Delivery carrier, Update update) {
    Subscription subscription = carrier.subscription;
    if (update.id <= subscription.cursor) {
      return null;
    }
    Update first = subscription.uncounted ? update : owner.subscriptions.next(subscription);
    if (first == null || first.id != update.id) {
      return null;
    }
    Delivery delivery = begin(subscription, first, update);
    delivery.number++;
    delivery.startedAt = carrier.startedAt;
    return delivery;
  }

  private Delivery chosen(Subscription subscription) {
    Update bytes = java.util.Objects.requireNonNull(pickedBytes);
    Delivery failed = pickedFailed;
    if (failed != null) {
      subscription.failed--;
      failed.update = bytes;
      return failed;
    }
    Retries.Entry retry = pickedRetry;
    if (retry != null) {
      subscription.retryNext = false;
      return owner.retries.start(retry, bytes);
    }
    subscription.retryNext = true;
    return begin(subscription, java.util.Objects.requireNonNull(pickedFirst), bytes);
  }

  private Delivery begin(Subscription subscription, Update first, Update bytes) {
    Delivery delivery = new Delivery(subscription, bytes, null);
    delivery.number = subscription.recoveredNumbers.getOrDefault(first.id, 0);
    delivery.used = subscription.behind == BehindReason.DOWN ? 0 : delivery.number;
    if (!subscription.uncounted) {
      delivery.counted = first;
    }
    subscription.open(delivery);
    owner.subscriptions.advance(subscription, first);
    return delivery;
  }

  /** Finds what the subscription would start now; false: nothing, or a read was asked for. */
  private boolean pick(Subscription subscription) {
    pickedFailed = null;
    pickedRetry = null;
    pickedFirst = null;
    pickedBytes = null;
    Callback callback = subscription.callback;
    if (!subscription.mayStart(owner.now)) {
      return false;
    }
    boolean probe = callback.probing == subscription && callback.probe == null;
    if (callback.down && !probe) {
      return false;
    }
    if (subscription.strict() && !subscription.attempts.isEmpty()) {
      return false;
    }
    if (pickFailed(subscription, probe)) {
      return pickedBytes != null;
    }
    if (subscription.strict() && subscription.failed > 0) {
      return false;
    }
    if (subscription.retryNext && pickRetry(subscription)) {
      return true;
    }
    return pickFirst(subscription) || pickRetry(subscription);
  }

  private boolean pickFailed(Subscription subscription, boolean probe) {
    if (subscription.failed == 0) {
      return false;
    }
    for (Delivery each = subscription.openHead; each != null; each = each.nextOpen) {
      if (each.state == Delivery.State.FAILED && (probe || each.dueAt <= owner.now)) {
        pickedBytes = owner.reads.sendable(subscription, each.update);
        if (pickedBytes != null || !isMissing(subscription, each.update.id)) {
          pickedFailed = each;
          return true;
        }
        owner.endings.missing(each);
      }
    }
    return false;
  }

  private boolean pickRetry(Subscription subscription) {
    for (Retries.Entry each; (each = subscription.due.peek()) != null; ) {
      pickedBytes = owner.reads.sendable(subscription, each.update, 1);
      if (pickedBytes != null || !isMissing(subscription, each.update)) {
        pickedRetry = each;
        return pickedBytes != null;
      }
      owner.endings.missing(each);
    }
    return false;
  }

  private boolean pickFirst(Subscription subscription) {
    while (!subscription.awaitsFlush) {
      Update next = owner.subscriptions.next(subscription);
      if (next == null) {
        return false;
      }
      pickedBytes = owner.reads.sendable(subscription, next);
      if (pickedBytes != null || !isMissing(subscription, next.id)) {
        pickedRetry = null;
        pickedFirst = next;
        return pickedBytes != null;
      }
      owner.endings.missing(begin(subscription, next, next));
    }
    return false;
  }

  private boolean isMissing(Subscription subscription, long update) {
    return owner.reads.missing(subscription.resource, update);
  }

  /** Whether it has something that a probe could be; a read may be asked for. */
  boolean couldProbe(Subscription subscription) {
    return pick(subscription) || subscription.reading;
  }

  /** The attempt is over; its slot is free. */
  void finish(Delivery delivery) {
    delivery.subscription.attempts.remove(delivery);
    unwatch(delivery);
    release(delivery.subscription);
  }

  private void release(Subscription subscription) {
    Host host = subscription.callback.host;
    subscription.running--;
    host.running--;
    host.site.running--;
    running--;
    unpark(host.site);
    ready(subscription);
    if (!host.queue.isEmpty()) {
      list(host);
    }
  }

  /** Closes every running attempt of a subscription. */
  void abort(Subscription subscription) {
    for (Delivery each : List.copyOf(subscription.attempts)) {
      owner.orders.abort(each);
      finish(each);
    }
  }

  private void watch(Delivery delivery) {
    delivery.previousRunning = newest;
    delivery.nextRunning = null;
    if (newest == null) {
      oldest = delivery;
    } else {
      newest.nextRunning = delivery;
    }
    newest = delivery;
  }

  private void unwatch(Delivery delivery) {
    Delivery before = delivery.previousRunning;
    Delivery after = delivery.nextRunning;
    if (before == null && oldest != delivery) {
      return;
    }
    if (before == null) {
      oldest = after;
    } else {
      before.nextRunning = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.previousRunning = before;
    }
    delivery.previousRunning = null;
    delivery.nextRunning = null;
  }

  /** R9: whose oldest attempt has run too long is behind. */
  void slow() {
    for (Delivery each; (each = oldest) != null && each.startedAt + Limits.SLOW <= owner.now; ) {
      unwatch(each);
      each.slow = true;
      owner.behinds.put(each.subscription);
    }
  }

  long nextSlow() {
    return oldest == null ? Long.MAX_VALUE : oldest.startedAt + Limits.SLOW;
  }
}
