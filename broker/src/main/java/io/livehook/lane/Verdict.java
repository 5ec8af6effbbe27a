package io.livehook.lane;

/** The lane's answer to a {@link Submission}. */
public sealed interface Verdict {
  /**
   * The update is in the log, committed.
   *
   * @param update its id
   * @param created the resource had no value before (unknown or deleted)
   * @param replayed an earlier request with this idempotency key had already stored it
   * @param collection the resource has changes
   */
  record Accepted(long update, boolean created, boolean replayed, boolean collection)
      implements Verdict {
    public Accepted(long update, boolean created, boolean replayed) {
      this(update, created, replayed, false);
    }
  }

  /** The changes do not follow the last accepted ones, whose id this is (409, PUSH-3). */
  record OutOfChain(String last) implements Verdict {}

  /**
   * The subscription is active, committed.
   *
   * @param subscription its internal id
   * @param publicId uuid of its alias: the given one if created, else that of the one found
   * @param created false when the callback had an active subscription whose options were renewed
   */
  record Subscribed(long subscription, String publicId, boolean created) implements Verdict {}

  /** The change asked for is committed (ended, held, released, redelivered). */
  record Done() implements Verdict {}

  /** No such resource, subscription or dead letter here. */
  record NotFound() implements Verdict {}

  /** The same idempotency key is being worked on (409). */
  record StillRunning() implements Verdict {}

  /** The idempotency key was used with another body (422). */
  record KeyReused() implements Verdict {}

  /** PostgreSQL refuses this content (422), in words. */
  record Refused(String why) implements Verdict {}

  /** Deliveries lag too far behind the log (429). */
  record Lagging(int retryAfterSeconds) implements Verdict {}

  /** The database is away, full or too slow, or the lane is changing hands (503). */
  record Unavailable(int retryAfterSeconds) implements Verdict {}
}
