package io.livehook.log;

/** The owner's row has ended: somebody else runs its lanes (R2). */
final class Fenced extends RuntimeException {
  private static final long serialVersionUID = 1;

  Fenced(long owner) {
    super("owner " + owner + " is fenced", null, false, false);
  }
}
