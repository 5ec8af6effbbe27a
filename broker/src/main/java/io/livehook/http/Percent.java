package io.livehook.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding as the URL space has it: one canonical form goes out, anything that decodes
 * comes in. Pure.
 */
public final class Percent {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private Percent() {}

  /** Everything encoded but unreserved characters and {@code :}, digits in upper case. */
  public static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (stays(each)) {
        encoded.append((char) each);
      } else {
        encoded.append('%').append(HEX[(each >> 4) & 15]).append(HEX[each & 15]);
      }
    }
    return encoded.toString();
  }

  /** A URI for a header: everything stays but what is not ASCII (GAP-16). */
  public static String ascii(String uri) {
    if (isAscii(uri)) {
      return uri;
    }
    StringBuilder encoded = new StringBuilder(uri.length() + 16);
    for (byte each : uri.getBytes(StandardCharsets.UTF_8)) {
      if (each >= 0) {
        encoded.append((char) each);
      } else {
        encoded.append('%').append(HEX[(each >> 4) & 15]).append(HEX[each & 15]);
      }
    }
    return encoded.toString();
  }

  private static boolean stays(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '-'
        || each == '.'
        || each == '_'
        || each == '~'
        || each == ':';
  }

  /** Decoded exactly once; null if a sequence is malformed or the result is not UTF-8. */
  public static @Nullable String decode(String text) {
    return text.indexOf('%') < 0 && isAscii(text) ? text : decoded(text, false);
  }

  /** The same for forms and queries, where a plus is a space. */
  public static @Nullable String decodeForm(String text) {
    return decoded(text, true);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7e) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String decoded(String text, boolean form) {
    byte[] given = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(given.length);
    for (int i = 0; i < given.length; i++) {
      if (given[i] == '%') {
        int value = i + 2 < given.length ? hex(given[i + 1]) << 4 | hex(given[i + 2]) : -1;
        if (value < 0) {
          return null;
        }
        bytes.put((byte) value);
        i += 2;
      } else {
        bytes.put(form && given[i] == '+' ? (byte) ' ' : given[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException malformed) {
      return null;
    }
  }

  private static int hex(byte digit) {
    int value = Character.digit(digit, 16);
    return value < 0 ? -256 : value;
  }
}
