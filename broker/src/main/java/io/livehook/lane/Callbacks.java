package io.livehook.lane;

import io.livehook.lane.Callback.Host;
import io.livehook.lane.Callback.Site;
import io.livehook.lane.Orders.Note;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of one owner and their pauses (R9): a callback that is down gets one probe at a
 * time, on its own back-off; any delivery brings it up again.
 */
final class Callbacks {
  private final Owner owner;
  private final Map<String, Callback> byUri = new HashMap<>();
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<String, Site> sites = new HashMap<>();

  Callbacks(Owner owner) {
    this.owner = owner;
  }

  Callback of(SubscriptionOptions options) {
    return byUri.computeIfAbsent(
        options.callback(),
        uri -> new Callback(uri, hosts.computeIfAbsent(options.host(), this::host)));
  }

  @Nullable Callback known(String uri) {
    return byUri.get(uri);
  }

  private Host host(String name) {
    Site site = sites.computeIfAbsent(SubscriptionOptions.site(name), Site::new);
    site.hosts++;
    return new Host(name, site);
  }

  void join(Subscription subscription) {
    if (subscription.callback.subscriptions.isEmpty()) {
      subscription.callback.host.callbacks++;
    }
    subscription.callback.subscriptions.add(subscription);
  }

  void leave(Subscription subscription) {
    Callback callback = subscription.callback;
    callback.subscriptions.remove(subscription);
    if (callback.probing == subscription) {
      callback.probing = null;
      callback.probe = null;
      owner.alarms.set(Math.max(callback.probeAt, owner.now), callback);
    }
    if (callback.subscriptions.isEmpty()) {
      byUri.remove(callback.uri, callback);
      Host host = callback.host;
      if (--host.callbacks == 0) {
        hosts.remove(host.name, host);
        if (--host.site.hosts == 0) {
          sites.remove(host.site.name, host.site);
        }
      }
    }
  }

  /** Its breaker opened, or it asked for a pause until {@code until} (0: the back-off decides). */
  void down(Callback callback, long until) {
    if (!callback.down) {
      callback.down = true;
      callback.backoff = 0;
      owner.orders.note(
          Note.CALLBACK_DOWN, callback.subscriptions.iterator().next(), callback.probeAt);
    }
    callback.probeAt = Math.max(until, owner.now + nextBackoff(callback));
    owner.alarms.set(callback.probeAt, callback);
    for (Subscription each : callback.subscriptions) {
      if (each.openHead != null || each.next != null || each.uncounted) {
        owner.behinds.put(each);
      }
    }
  }

  private static long nextBackoff(Callback callback) {
    callback.backoff =
        callback.backoff == 0
            ? Limits.PROBE_FIRST
            : Math.min(callback.backoff * 2, Limits.PROBE_MAX);
    return callback.backoff;
  }

  /** As its row said before this owner: asked at once. */
  void restoreDown(Callback callback) {
    if (!callback.down) {
      callback.down = true;
      callback.probeAt = owner.now;
      owner.alarms.set(owner.now, callback);
    }
  }

  /** The time of the next probe has come. */
  void probe(Callback callback) {
    if (!callback.down || callback.probing != null || callback.probeAt > owner.now) {
      return;
    }
    for (Subscription each : callback.subscriptions) {
      callback.probing = each;
      if (owner.dispatch.couldProbe(each)) {
        owner.dispatch.ready(each);
        return;
      }
    }
    callback.probing = null;
    up(callback);
  }

  void started(Delivery delivery) {
    Callback callback = delivery.subscription.callback;
    if (callback.down && callback.probing == delivery.subscription && callback.probe == null) {
      callback.probe = delivery;
    }
  }

  /** The subscription that was to probe has nothing to send after all. */
  void missed(Subscription subscription) {
    Callback callback = subscription.callback;
    if (callback.probing == subscription
        && callback.probe == null
        && !subscription.reading
        && owner.starts()) {
      callback.probing = null;
      owner.alarms.set(owner.now, callback);
    }
  }

  /** An attempt ended without a delivery: a failed probe doubles the back-off. */
  void attempted(Delivery delivery) {
    Callback callback = delivery.subscription.callback;
    if (callback.probe == delivery) {
      callback.probe = null;
      callback.probing = null;
      if (callback.down && callback.probeAt <= owner.now) {
        callback.probeAt = owner.now + nextBackoff(callback);
        owner.alarms.set(callback.probeAt, callback);
      }
      owner.behinds.giveUp(callback);
    }
  }

  /** Something was delivered. */
  void up(Callback callback) {
    if (!callback.down) {
      return;
    }
    callback.down = false;
    callback.probing = null;
    callback.probe = null;
    if (!callback.subscriptions.isEmpty()) {
      owner.orders.note(Note.CALLBACK_UP, callback.subscriptions.iterator().next(), owner.now);
    }
    for (Subscription each : callback.subscriptions) {
      owner.endings.resume(each);
      owner.behinds.recheck(each);
    }
  }
}
