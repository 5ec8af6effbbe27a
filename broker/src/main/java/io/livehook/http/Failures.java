package io.livehook.http;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Tells a database that is away from a defect. Pure. */
final class Failures {
  private Failures() {}

  static Problem problem(Throwable failure) {
    return away(failure)
        ? Problem.later(ProblemKind.UNAVAILABLE, "The database does not answer; try again.", 1)
        : Problem.of(ProblemKind.INTERNAL, "The request could not be handled.");
  }

  /** One that has waited for too long. What a change has come to is not known then. */
  static Problem late(boolean reads) {
    return Problem.later(
        ProblemKind.UNAVAILABLE,
        reads
            ? "The database does not answer; try again."
            : "The database does not answer in time; what was asked for may still be done. Try"
                + " again.",
        1);
  }

  static boolean away(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = refused.getSqlState();
      return state == null
          || state.startsWith("08")
          || state.startsWith("53")
          || state.startsWith("57")
          || state.startsWith("58");
    }
    // The client's own failures (closed, no connection in time) have no type of their own.
    return failure instanceof IOException
        || failure instanceof TimeoutException
        || failure instanceof io.vertx.core.VertxException;
  }
}
