package io.livehook.security;

/** Who asks for a change, as the audit has it: the name of a key or a place, and the request. */
public record Actor(String name, String requestId) {
  /** Whoever may run commands beside the database. */
  static final Actor COMMAND_LINE = new Actor("command line", "command line");
}
