package io.livehook.lane;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What comes due at its own time: probes, blocked heads, retries. Stale alarms ring in vain. */
final class Alarms {
  private record Alarm(long at, Object what) {}

  private final Owner owner;
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::at));

  Alarms(Owner owner) {
    this.owner = owner;
  }

  void set(long at, Object what) {
    alarms.add(new Alarm(at, what));
  }

  long next() {
    Alarm first = alarms.peek();
    return first == null ? Long.MAX_VALUE : first.at;
  }

  void ring() {
    for (Alarm first; (first = alarms.peek()) != null && first.at <= owner.now; ) {
      alarms.remove();
      switch (first.what) {
        case Callback callback -> owner.callbacks.probe(callback);
        case Delivery blocked -> owner.dispatch.ready(blocked.subscription);
        case Retries.Entry entry -> owner.retries.due(entry);
        default -> throw new IllegalStateException("no alarm: " + first.what);
      }
    }
  }
}
