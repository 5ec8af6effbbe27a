package io.livehook.platform;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A text that must not reach a log. It prints as three stars, has nothing that a serialiser could
 * find, and compares in constant time. Immutable until it is wiped; any thread.
 */
public final class Secret {
  private final byte[] utf8;
  private boolean wiped;

  public Secret(String text) {
    this.utf8 = text.getBytes(StandardCharsets.UTF_8);
  }

  /** The only way to the text; whoever calls it answers for where it goes. */
  public String reveal() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** A copy of the text as UTF-8; whoever has it wipes it. */
  public byte[] bytes() {
    if (wiped) {
      throw new IllegalStateException("this secret has been wiped");
    }
    return utf8.clone();
  }

  /** Overwrites what this object holds; it cannot be read any more. */
  public void wipe() {
    wiped = true;
    Arrays.fill(utf8, (byte) 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(utf8, secret.utf8);
  }

  /** The same for all: a hash would tell something of the text. */
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "***";
  }
}
