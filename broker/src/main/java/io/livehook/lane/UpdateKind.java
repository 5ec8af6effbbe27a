package io.livehook.lane;

/** What an update is. The code is what the column {@code update_log.kind} holds. */
public enum UpdateKind {
  VALUE(0),
  CHANGES(1),
  DELETED(2),
  HINT(3);

  private final short code;

  UpdateKind(int code) {
    this.code = (short) code;
  }

  public short code() {
    return code;
  }

  public static UpdateKind of(int code) {
    return values()[code];
  }

  public String label() {
    return switch (this) {
      case VALUE -> "value";
      case CHANGES -> "changes";
      case DELETED -> "deleted";
      case HINT -> "hint";
    };
  }
}
