package io.livehook.it.bench;

import static io.livehook.it.Eventually.eventually;

import io.livehook.it.load.Pace;
import io.livehook.it.load.Publishers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How many acknowledged updates the receiver does not have yet, asked every 20 ms on a thread of
 * its own: closes the loop over deliveries, so that a window at saturation measures a steady state
 * and not a queue that grows. Starts when nothing is outstanding.
 */
final class Backlog implements AutoCloseable {
  /** Deliveries that may be outstanding before publishers wait. */
  private static final int LIMIT = 20_000;

  private final Arrivals arrivals;
  private final int fanout;
  private final long start;
  private final Thread thread;
  private volatile long delivered;
  private volatile boolean stopping;
  private volatile @Nullable Publishers publishers;

  Backlog(Arrivals arrivals, int fanout) {
    this.arrivals = arrivals;
    this.fanout = fanout;
    this.start = arrivals.count();
    this.thread = Thread.ofPlatform().name("backlog").daemon().start(this::follow);
  }

  /** Whose acknowledgements count. */
  void watch(Publishers watched) {
    publishers = watched;
  }

  /** Publishers wait while too much is outstanding. */
  Pace pace() {
    long limit = Math.max(64, LIMIT / fanout);
    return now -> acknowledged() - delivered / fanout < limit;
  }

  /** Stops the publishers and returns when everything they had acknowledged has arrived. */
  void drain() {
    Publishers watched = publishers;
    if (watched != null) {
      watched.pause();
    }
    eventually(
        () -> acknowledged() * fanout - delivered + " deliveries are outstanding",
        Duration.ofSeconds(120),
        () -> (watched == null || watched.open() == 0) && delivered >= acknowledged() * fanout);
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long acknowledged() {
    Publishers watched = publishers;
    return watched == null ? 0 : watched.acknowledged();
  }

  private void follow() {
    while (!stopping) {
      delivered = arrivals.count() - start;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
