package io.livehook.platform;

import java.util.Arrays;
import java.util.Optional;

/**
 * Crockford's base32 in lower case: digits and letters without i, l, o and u. Pure; any thread.
 * Reading is strict: no upper case, no look-alikes, no surplus bits.
 */
public final class Base32 {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final byte[] VALUES = values();

  private Base32() {}

  /** The number made of these bytes, padded at the front: 16 bytes give 26 characters. */
  public static String encode(byte[] bytes) {
    char[] text = new char[(bytes.length * 8 + 4) / 5];
    int bits = 0;
    int held = 0;
    int at = text.length - 1;
    for (int i = bytes.length - 1; i >= 0; i--) {
      held |= (bytes[i] & 0xff) << bits;
      bits += 8;
      while (bits >= 5) {
        text[at--] = DIGITS[held & 31];
        held >>>= 5;
        bits -= 5;
      }
    }
    if (bits > 0) {
      text[at] = DIGITS[held];
    }
    return new String(text);
  }

  /** The bytes that {@link #encode} turned into this text, or nothing if there are none. */
  public static Optional<byte[]> decode(String text, int length) {
    if (text.length() != (length * 8 + 4) / 5) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    int bits = 0;
    int held = 0;
    int at = length - 1;
    for (int i = text.length() - 1; i >= 0; i--) {
      int value = value(text.charAt(i));
      if (value < 0) {
        return Optional.empty();
      }
      held |= value << bits;
      bits += 5;
      if (bits >= 8 && at >= 0) {
        bytes[at--] = (byte) held;
        held >>>= 8;
        bits -= 8;
      }
    }
    return held == 0 ? Optional.of(bytes) : Optional.empty();
  }

  static char digit(long value) {
    return DIGITS[(int) (value & 31)];
  }

  /** The value of a digit, or -1. */
  static int value(char digit) {
    return digit < VALUES.length ? VALUES[digit] : -1;
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (byte i = 0; i < DIGITS.length; i++) {
      values[DIGITS[i]] = i;
    }
    return values;
  }
}
