package io.livehook.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A clock that stands, with alarms that ring when it is moved past them. */
final class StandingClock implements Patience.Alarm {
  private record Set(long at, Runnable then) {}

  private final List<Set> alarms = new ArrayList<>();
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);
  private int set;

  long nanos() {
    return now;
  }

  /** Alarms set so far. */
  int set() {
    return set;
  }

  @Override
  public void in(long milliseconds, Runnable then) {
    set++;
    alarms.add(new Set(now + TimeUnit.MILLISECONDS.toNanos(milliseconds), then));
  }

  /** Moves on, a millisecond at a time. */
  void pass(long milliseconds) {
    for (long i = 0; i < milliseconds; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(1);
      List<Set> due = alarms.stream().filter(each -> each.at - now <= 0).toList();
      alarms.removeAll(due);
      due.forEach(each -> each.then.run());
    }
  }
}
