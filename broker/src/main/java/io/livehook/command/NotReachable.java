package io.livehook.command;

/** Something that a verb needs does not answer. */
final class NotReachable extends Exception {
  private static final long serialVersionUID = 1L;

  NotReachable(String message) {
    super(message);
  }
}
