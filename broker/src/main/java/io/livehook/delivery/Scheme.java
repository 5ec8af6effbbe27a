package io.livehook.delivery;

import org.jspecify.annotations.Nullable;

/** Signatures that a subscription may have beside {@code v1} and {@code X-Hook-Signature}. */
public enum Scheme {
  /** Ed25519 in {@code webhook-signature} (Standard Webhooks). */
  V1A("v1a"),
  /** {@code Signature} and {@code Signature-Input} (RFC 9421, profile in standards.md §7). */
  RFC9421("rfc9421"),
  /** {@code X-Hub-Signature-256}, as GitHub sends it (standards.md §12). */
  X_HUB_256("x-hub-256");

  private final String label;

  Scheme(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  public static @Nullable Scheme of(String label) {
    for (Scheme each : values()) {
      if (each.label.equals(label)) {
        return each;
      }
    }
    return null;
  }
}
