package io.livehook.lane;

/** Why a subscription ended. The label stands in the column, the API and the log. */
public enum EndReason {
  UNSUBSCRIBED("unsubscribed"),
  EXPIRED("expired"),
  GONE("gone"),
  OPERATOR("operator"),
  TENANT_DELETED("tenant_deleted");

  private final String label;

  EndReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
