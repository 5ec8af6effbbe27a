package io.livehook.platform;

import java.nio.charset.StandardCharsets;

/** A text that must not reach a log: it prints as three stars. */
public record Secret(String reveal) {
  public byte[] bytes() {
    return reveal.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }
}
