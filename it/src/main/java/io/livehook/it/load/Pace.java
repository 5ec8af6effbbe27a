package io.livehook.it.load;

import java.util.concurrent.TimeUnit;

/** When the next update may start; asked on the pump's thread. */
@FunctionalInterface
public interface Pace {
  boolean take(long now);

  /** As fast as acknowledgements come back. */
  static Pace closedLoop() {
    return now -> true;
  }

  /**
   * A fixed rate; what is late is sent as soon as a connection is free, but at most 100 ms of it.
   */
  static Pace rate(int perSecond) {
    long step = TimeUnit.SECONDS.toNanos(1) / perSecond;
    return new Pace() {
      private long due = System.nanoTime();

      @Override
      public boolean take(long now) {
        if (now < due) {
          return false;
        }
        due = Math.max(due + step, now - TimeUnit.MILLISECONDS.toNanos(100));
        return true;
      }
    };
  }
}
