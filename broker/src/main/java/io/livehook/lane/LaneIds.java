package io.livehook.lane;

/**
 * Ids of one lane: {@code ms since 2025 << 22 | lane << 12 | counter}, strictly growing. A new
 * owner starts above the lane's highest.
 */
public final class LaneIds {
  /** 2025-01-01T00:00:00Z. */
  public static final long EPOCH = 1_735_689_600_000L;

  private static final int COUNTER_BITS = 12;
  private static final int LANE_BITS = 10;

  private final long lane;
  private long last;

  LaneIds(int lane, long tail) {
    this.lane = (long) lane << COUNTER_BITS;
    this.last = tail;
  }

  /** The next id at {@code now}: database-clock milliseconds, never behind the last id's. */
  long next(long now) {
    long candidate = atMillisecond(Math.max(now, millisecond(last)));
    if (candidate <= last) {
      candidate = last + 1;
      if ((candidate & ((1L << (COUNTER_BITS + LANE_BITS)) - 1) & ~((1L << COUNTER_BITS) - 1))
          != lane) {
        candidate = atMillisecond(millisecond(last) + 1);
      }
    }
    last = candidate;
    return candidate;
  }

  /** Numbers above {@code bound} from now on. */
  void raise(long bound) {
    last = Math.max(last, bound);
  }

  /** The lowest id of this lane at a millisecond. */
  private long atMillisecond(long ms) {
    return bound(ms) | lane;
  }

  /** A bound, not an id: every id of an earlier millisecond is below it. */
  public static long bound(long ms) {
    return Math.max(0, ms - EPOCH) << (COUNTER_BITS + LANE_BITS);
  }

  /** The millisecond in which an id was made. */
  public static long millisecond(long id) {
    return (id >>> (COUNTER_BITS + LANE_BITS)) + EPOCH;
  }

  /** The lane of an id. */
  public static int laneOf(long id) {
    return (int) (id >>> COUNTER_BITS) & ((1 << LANE_BITS) - 1);
  }
}
