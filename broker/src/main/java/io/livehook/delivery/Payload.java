package io.livehook.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What the body of a delivery is (standards.md §3, §6): the accepted bytes, or something made of
 * the update and nothing else, so that it is the same at every attempt.
 */
public enum Payload {
  RAW("raw"),
  THIN("thin"),
  ENVELOPE("envelope"),
  CLOUDEVENTS_BINARY("cloudevents-binary"),
  CLOUDEVENTS_STRUCTURED("cloudevents-structured");

  private final String label;

  Payload(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  public static @Nullable Payload of(String label) {
    for (Payload each : values()) {
      if (each.label.equals(label)) {
        return each;
      }
    }
    return null;
  }
}
