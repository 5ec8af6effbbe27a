package io.livehook.guard;

import org.jspecify.annotations.Nullable;

/** Reads an IPv6 address as RFC 4291 section 2.2 writes it, and nothing else. Pure. */
final class Ipv6Text {
  private static final int GROUPS = 8;

  private final String text;
  private final int[] groups = new int[GROUPS];
  private int count;
  private int gap = -1;

  private Ipv6Text(String text) {
    this.text = text;
  }

  static @Nullable IpAddress parse(String text) {
    Ipv6Text reading = new Ipv6Text(text);
    return reading.read() ? reading.address() : null;
  }

  private boolean read() {
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      int end = text.indexOf(':', at);
      if (end < 0) {
        end = text.length();
        return last(text.substring(at, end));
      }
      if (!group(text.substring(at, end))) {
        return false;
      }
      at = end + 1;
      if (at == text.length()) {
        return false; // a single colon at the end
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return false;
        }
        gap = count;
        at++;
      }
    }
    return full();
  }

  /** The last part may be an IPv4 address. */
  private boolean last(String part) {
    if (part.indexOf('.') < 0) {
      return group(part) && full();
    }
    IpAddress quad = IpAddress.quad(part);
    if (quad == null || count > GROUPS - 2) {
      return false;
    }
    groups[count++] = (int) (quad.low() >>> 16);
    groups[count++] = (int) (quad.low() & 0xffff);
    return full();
  }

  private boolean group(String part) {
    if (part.isEmpty() || part.length() > 4 || count == GROUPS) {
      return false;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      int digit = hex(part.charAt(i));
      if (digit < 0) {
        return false;
      }
      value = value << 4 | digit;
    }
    groups[count++] = value;
    return true;
  }

  /** Unlike {@link Character#digit} this knows ASCII only. */
  static int hex(char digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    int letter = digit | 0x20;
    return letter >= 'a' && letter <= 'f' && digit < 0x80 ? letter - 'a' + 10 : -1;
  }

  private boolean full() {
    return gap < 0 ? count == GROUPS : count < GROUPS;
  }

  private IpAddress address() {
    int[] all = groups;
    if (gap >= 0) {
      all = new int[GROUPS];
      System.arraycopy(groups, 0, all, 0, gap);
      System.arraycopy(groups, gap, all, GROUPS - (count - gap), count - gap);
    }
    return new IpAddress(true, half(all, 0), half(all, 4));
  }

  private static long half(int[] groups, int from) {
    long half = 0;
    for (int i = from; i < from + 4; i++) {
      half = half << 16 | groups[i];
    }
    return half;
  }
}
