package io.livehook.lane;

/** Why a subscription does not follow the watermark. */
public enum BehindReason {
  DOWN("down"),
  SLOW("slow"),
  BLOCKED("blocked"),
  SPILLED("spilled"),
  HELD("held");

  private final String label;

  BehindReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  public static BehindReason of(String label) {
    for (BehindReason reason : values()) {
      if (reason.label.equals(label)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no such reason: " + label);
  }

  /** Keeps its failures in memory, covered by {@code since}; the others write retry rows (R9). */
  boolean keepsFailures() {
    return this == DOWN || this == BLOCKED || this == HELD;
  }
}
