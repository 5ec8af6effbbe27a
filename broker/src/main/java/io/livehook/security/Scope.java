package io.livehook.security;

/** How far a key reaches. */
public enum Scope {
  TENANT("tenant"),
  /** Any tenant; for operators of the whole broker. */
  EVERYWHERE("*");

  private final String label;

  Scope(String label) {
    this.label = label;
  }

  /** Only who looks or operates may do so everywhere. */
  public boolean allows(Role role) {
    return this == TENANT || role == Role.OPERATOR || role == Role.VIEWER;
  }

  /** As in the table and in options. */
  public String label() {
    return label;
  }
}
