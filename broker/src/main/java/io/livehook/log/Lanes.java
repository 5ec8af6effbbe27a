package io.livehook.log;

import io.livehook.lane.Submission;
import io.livehook.lane.Verdict;
import io.vertx.core.Future;

/** The door to the lanes, from any thread: hops to the owner of the submission's lane. */
@FunctionalInterface
public interface Lanes {
  /**
   * Completes on the caller's context, in at most about a second. Fails only by a bug: trouble with
   * the database is {@link Verdict.Unavailable}.
   */
  Future<Verdict> submit(Submission submission);
}
