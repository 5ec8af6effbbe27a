package io.livehook.log;

import java.util.function.LongSupplier;

/**
 * The database's clock in milliseconds, carried on by the monotonic clock of this machine, so that
 * a jump of the wall clock moves nothing. Any thread; never goes backwards for one reader.
 */
public final class DatabaseClock implements LongSupplier {
  private static final long MILLISECOND = 1_000_000;

  private volatile long offset;

  /** Takes a reading of the database's clock; half the round trip is subtracted. */
  public void read(long databaseMilliseconds, long askedAtNanos) {
    long now = System.nanoTime();
    long sampled = databaseMilliseconds - (askedAtNanos + now) / 2 / MILLISECOND;
    offset = sampled;
  }

  @Override
  public long getAsLong() {
    return offset + System.nanoTime() / MILLISECOND;
  }
}
