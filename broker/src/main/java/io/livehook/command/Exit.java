package io.livehook.command;

/** The exit codes that scripts may rely on. */
final class Exit {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int WRONG_SETTINGS = 2;
  static final int NOT_REACHABLE = 3;

  private Exit() {}
}
