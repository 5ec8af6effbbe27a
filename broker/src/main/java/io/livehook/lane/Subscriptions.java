package io.livehook.lane;

import io.livehook.lane.LoadBatch.LoadedBehind;
import io.livehook.lane.LoadBatch.LoadedSubscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subscriptions in memory and how they come and go; also counts them for the watermark. */
final class Subscriptions {
  private final Owner owner;
  private final Map<Long, Subscription> byId = new HashMap<>();

  Subscriptions(Owner owner) {
    this.owner = owner;
  }

  @Nullable Subscription byId(long id) {
    return byId.get(id);
  }

  @Nullable Subscription of(Resource resource, long id) {
    Subscription found = byId.get(id);
    return found == null || found.resource != resource ? null : found;
  }

  /** A label's subscription of a callback and mode: a resource may have a hundred thousand. */
  @Nullable Subscription of(Resource resource, String label, SubscriptionOptions wanted) {
    Callback known = owner.callbacks.known(wanted.callback());
    if (known == null) {
      return null;
    }
    boolean many = resource.subscriptions.size() > known.subscriptions.size();
    for (Subscription each : many ? known.subscriptions : resource.subscriptions) {
      if (each.resource == resource
          && each.callback == known
          && each.options.mode() == wanted.mode()
          && each.label.equals(label)) {
        return each;
      }
    }
    return null;
  }

  /** A stored subscription of a resource that is being loaded. */
  void add(Resource resource, LoadedSubscription row) {
    Lane lane = resource.lane;
    Subscription subscription =
        register(
            new Subscription(
                row.id(),
                row.publicId(),
                resource,
                row.label(),
                row.fromVer(),
                row.options(),
                owner.callbacks.of(row.options())));
    List<LogRead.RecoveredAttempt> before = lane.recovered.remove(row.id());
    if (before != null) {
      before.forEach(subscription::recover);
    }
    subscription.recoveredTo = lane.adoptedTail;
    LoadedBehind behind = row.behind();
    if (behind != null) {
      subscription.uncounted = true;
      subscription.cursor = behind.since();
      owner.behinds.restore(subscription, behind);
    } else if (resource.chainHead == null) {
      subscription.cursor = lane.tail;
    } else {
      subscription.cursor = resource.chainLow;
      count(subscription);
    }
    owner.dispatch.ready(subscription);
  }

  /** A subscription just made: it is owed what comes after the tail (R12). */
  Subscription create(ChangeBatch.Created change) {
    Subscription subscription =
        register(
            new Subscription(
                change.id(),
                change.asked().publicId,
                change.resource(),
                change.asked().label,
                change.fromVer(),
                change.asked().options,
                owner.callbacks.of(change.asked().options)));
    subscription.cursor = change.resource().lane.tail;
    subscription.renewedAt = owner.now;
    return subscription;
  }

  private Subscription register(Subscription subscription) {
    byId.put(subscription.id, subscription);
    subscription.resource.subscriptions.add(subscription);
    owner.callbacks.join(subscription);
    return subscription;
  }

  /** Leaves memory, idle. */
  void forget(Subscription subscription) {
    byId.remove(subscription.id);
    owner.callbacks.leave(subscription);
  }

  /** Has ended: nothing starts any more, what runs is aborted, what it held is let go. */
  void end(Subscription subscription) {
    stop(subscription);
    uncount(subscription);
    subscription.openHead = null;
    subscription.openTail = null;
    subscription.failed = 0;
    subscription.behind = null;
    owner.retries.forget(subscription);
    owner.flushes.forget(subscription);
    subscription.resource.subscriptions.remove(subscription);
    forget(subscription);
  }

  /** Closes it: no attempt starts any more and those running are aborted. */
  void stop(Subscription subscription) {
    subscription.active = false;
    owner.dispatch.abort(subscription);
  }

  /** From now on it counts for the watermark: everything it is owed above its cursor, and open. */
  void count(Subscription subscription) {
    subscription.uncounted = false;
    for (Delivery each = subscription.openHead; each != null; each = each.nextOpen) {
      if (each.counted == null) {
        Update link = subscription.resource.inChain(each.update.id);
        if (link == null) {
          throw new IllegalStateException("open at or below the watermark: " + each.update.id);
        }
        each.counted = link;
        link.unresolved++;
      }
    }
    Update link = subscription.resource.inChainAfter(subscription.cursor);
    subscription.next = firstOwed(subscription, link);
    for (; link != null; link = link.nextInResource) {
      if (subscription.owed(link)) {
        link.unresolved++;
      }
    }
  }

  /** From now on its behind row remembers for it. */
  void uncount(Subscription subscription) {
    for (Delivery each = subscription.openHead; each != null; each = each.nextOpen) {
      letGo(each);
    }
    if (!subscription.uncounted) {
      for (Update link = subscription.next; link != null; link = link.nextInResource) {
        if (subscription.owed(link)) {
          owner.resolved(link);
        }
      }
    }
    subscription.next = null;
    subscription.uncounted = true;
  }

  void letGo(Delivery delivery) {
    Update counted = delivery.counted;
    if (counted != null) {
      delivery.counted = null;
      owner.resolved(counted);
    }
  }

  /**
   * The lowest update above the cursor that it is owed, or null: none, or a read was asked for. The
   * cursor moves over what it is not owed.
   */
  @Nullable Update next(Subscription subscription) {
    for (; ; ) {
      Update update = subscription.uncounted ? owner.reads.after(subscription) : subscription.next;
      if (update == null || subscription.owed(update)) {
        return update;
      }
      advance(subscription, update);
    }
  }

  /** The cursor moves onto an update. */
  void advance(Subscription subscription, Update update) {
    subscription.cursor = update.id;
    if (!subscription.uncounted) {
      subscription.next = firstOwed(subscription, update.nextInResource);
    }
  }

  /** A link that it is not owed may leave the chain any time: none is remembered as the next. */
  private static @Nullable Update firstOwed(Subscription subscription, @Nullable Update link) {
    Update each = link;
    while (each != null && !subscription.owed(each)) {
      each = each.nextInResource;
    }
    return each;
  }
}
