package io.livehook.log;

import io.vertx.pgclient.PgException;

/** What a failed statement means for its owner (R3, R6). */
enum Trouble {
  /** The connection or the fence is lost: the owner is over. */
  LOST,
  /** A definite rollback: PostgreSQL refuses what a row holds (classes 22 and 23). */
  CONTENT,
  /** A definite rollback for another reason: full, cancelled, too slow. */
  REFUSED;

  static Trouble of(Throwable failure) {
    if (!(failure instanceof PgException error)) {
      return LOST;
    }
    String state = error.getSqlState() == null ? "" : error.getSqlState();
    if (state.startsWith("22") || state.startsWith("23")) {
      return CONTENT;
    }
    boolean ends = state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
    return ends || "FATAL".equals(error.getSeverity()) ? LOST : REFUSED;
  }
}
