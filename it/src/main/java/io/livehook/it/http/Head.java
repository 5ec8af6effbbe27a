package io.livehook.it.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/** Reads an HTTP/1.1 head where it lies in a byte array, without copying; stateless. */
final class Head {
  private Head() {}

  /** The index after the blank line that ends the head, or -1 when it is not there yet. */
  static int end(byte[] bytes, int from, int to) {
    for (int i = from + 3; i < to; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 2] == '\n'
          && bytes[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  static int status(byte[] bytes, int from) {
    return (bytes[from + 9] - '0') * 100 + (bytes[from + 10] - '0') * 10 + bytes[from + 11] - '0';
  }

  /** 0 when the field is missing. */
  static int contentLength(byte[] bytes, int from, int to) {
    int at = valueOf(bytes, from, to, "content-length");
    int length = 0;
    for (; at >= 0 && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      length = length * 10 + bytes[at] - '0';
    }
    return length;
  }

  static boolean chunked(byte[] bytes, int from, int to) {
    int at = valueOf(bytes, from, to, "transfer-encoding");
    return at >= 0 && (bytes[at] | 0x20) == 'c';
  }

  /** The first value of a field; {@code name} is in lower case. */
  static @Nullable String value(byte[] bytes, int from, int to, String name) {
    int start = valueOf(bytes, from, to, name);
    if (start < 0) {
      return null;
    }
    int end = start;
    while (bytes[end] != '\r') {
      end++;
    }
    return new String(bytes, start, end - start, ISO_8859_1);
  }

  static int count(byte[] bytes, int from, int to, String name) {
    int count = 0;
    for (int at = valueOf(bytes, from, to, name); at >= 0; at = valueOf(bytes, at, to, name)) {
      count++;
    }
    return count;
  }

  private static int valueOf(byte[] bytes, int from, int to, String name) {
    int length = name.length();
    for (int i = from; i + length + 2 < to; i++) {
      if (bytes[i] == '\n' && bytes[i + 1 + length] == ':' && named(bytes, i + 1, name)) {
        int at = i + length + 2;
        while (bytes[at] == ' ') {
          at++;
        }
        return at;
      }
    }
    return -1;
  }

  private static boolean named(byte[] bytes, int at, String name) {
    for (int i = 0; i < name.length(); i++) {
      byte b = bytes[at + i];
      int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
      if (lower != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
