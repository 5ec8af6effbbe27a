package io.livehook.lane;

/** What a subscription wants of its resource's updates; part of what it is, never changed. */
public enum Mode {
  VALUE("value"),
  CHANGES("changes");

  private final String label;

  Mode(String label) {
    this.label = label;
  }

  /** Whether updates of this kind are delivered in this mode (R7). */
  boolean suits(UpdateKind kind) {
    return switch (kind) {
      case VALUE -> this == VALUE;
      case CHANGES -> this == CHANGES;
      case DELETED -> true;
      case HINT -> false;
    };
  }

  public String label() {
    return label;
  }

  public static Mode of(String label) {
    return label.equals(CHANGES.label) ? CHANGES : VALUE;
  }
}
