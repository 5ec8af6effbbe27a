package io.livehook.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The one way to wait for something in this module: ask again until it holds or the time is up. */
public final class Eventually {
  private static final Duration ASK_AGAIN = Duration.ofMillis(10);

  private Eventually() {}

  /** Fails with {@code what} when the condition does not hold in time. */
  public static void eventually(String what, Duration limit, BooleanSupplier condition) {
    eventually(() -> what, limit, condition);
  }

  /** The description is made only for the failure, so that it can say how far things got. */
  public static void eventually(Supplier<String> what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + limit + ": " + what.get());
      }
      LockSupport.parkNanos(ASK_AGAIN.toNanos());
    }
  }

  /** Lets a load run for a while. */
  public static void after(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    eventually("time passes", time.plusSeconds(60), () -> System.nanoTime() - end >= 0);
  }
}
