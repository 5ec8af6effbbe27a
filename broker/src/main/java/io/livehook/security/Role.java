package io.livehook.security;

import java.util.Locale;

/** What a key may do within its tenant. */
public enum Role {
  /** Pushes updates. */
  ORIGIN,
  /** Subscribes callbacks. */
  CONSUMER,
  /** Looks at everything and repairs it. */
  OPERATOR,
  /** Looks at everything. */
  VIEWER;

  /** As in the table, in options and in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
