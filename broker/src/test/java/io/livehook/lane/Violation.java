package io.livehook.lane;

/** A promise or rule was broken in a simulated run. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String what) {
    super(what);
  }
}
