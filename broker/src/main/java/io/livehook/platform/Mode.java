package io.livehook.platform;

/** Which of the two verbs runs the broker; they differ in defaults, not in the engine. */
public enum Mode {
  /** To try it: embedded database, loopback callbacks, keys in a file. Not for production. */
  DEV,
  /** For production: its own PostgreSQL, strict defaults. */
  SERVE
}
