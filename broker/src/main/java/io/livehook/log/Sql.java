package io.livehook.log;

import io.livehook.platform.Statements;

/** The statements of this package, by the names of their files. */
final class Sql {
  static final String SIGN_ON = load("sign_on");
  static final String NODE = load("node");
  static final String NODE_LOCK = load("node_lock");
  static final String BEAT = load("beat");
  static final String LANES = load("lanes");
  static final String STRANGERS = load("strangers");
  static final String END_OWNERS = load("end_owners");
  static final String ADOPT_LANES = load("adopt_lanes");
  static final String FOUND = load("found");
  static final String ABOVE = load("above");
  static final String DONE_ABOVE = load("done_above");
  static final String TROUBLED = load("troubled");
  static final String FENCE = load("fence");
  static final String APPEND = load("append");
  static final String APPEND_ALL = load("append_all");
  static final String STORED_KEYS = load("stored_keys");
  static final String FLUSH_ATTEMPTS = load("flush_attempts");
  static final String FLUSH_RETRIES = load("flush_retries");
  static final String FLUSH_RETRIES_ENDED = load("flush_retries_ended");
  static final String FLUSH_DEAD = load("flush_dead");
  static final String FLUSH_GAP = load("flush_gap");
  static final String FLUSH_BEHIND = load("flush_behind");
  static final String FLUSH_BEHIND_ENDED = load("flush_behind_ended");
  static final String WATERMARK = load("watermark");
  static final String DUE_RETRIES = load("due_retries");
  static final String CHANGE_VERSIONS = load("change_versions");
  static final String CHANGE_CREATED = load("change_created");
  static final String CHANGE_RENEWED = load("change_renewed");
  static final String CHANGE_ENDED = load("change_ended");
  static final String CHANGE_RELEASED = load("change_released");
  static final String CHANGE_REDELIVERED = load("change_redelivered");
  static final String CHANGE_CONFIGURED = load("change_configured");
  static final String CHANGE_AUDIT = load("change_audit");
  static final String LOAD_RESOURCES = load("load_resources");
  static final String LOAD_SUBSCRIPTIONS = load("load_subscriptions");
  static final String READ_LOG = load("read_log");
  static final String READ_DONE = load("read_done");
  static final String RELEASE_LANES = load("release_lanes");
  static final String RETAIN_RETRIES = load("retain_retries");
  static final String RETAIN_FLOORS = load("retain_floors");
  static final String DATABASE_CLOCK = load("database_clock");

  private Sql() {}

  private static String load(String name) {
    return Statements.load(Sql.class, name);
  }
}
