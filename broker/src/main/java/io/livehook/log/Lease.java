package io.livehook.log;

/**
 * R5: how long this node may act on its last confirmed heartbeat, counted on the monotonic clock
 * from the moment the beat was sent. Written by the heartbeat, read by every event loop.
 */
public final class Lease {
  static final long LIMIT = 6_000_000_000L;

  private volatile long sentAt = System.nanoTime() - 2 * LIMIT;

  void confirmed(long sentAtNanos) {
    sentAt = sentAtNanos;
  }

  /** Asked in the turn that accepts an update or writes request bytes. */
  public boolean holds() {
    return System.nanoTime() - sentAt < LIMIT;
  }
}
