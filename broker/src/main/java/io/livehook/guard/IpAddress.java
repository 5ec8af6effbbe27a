package io.livehook.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as bits. Unlike the JDK's it keeps an IPv4-mapped address as what it was
 * written. Immutable.
 *
 * @param high the upper half of an IPv6 address
 * @param low the lower half, or the 32 bits of an IPv4 address
 */
public record IpAddress(boolean v6, long high, long low) {
  private static final long MASK32 = 0xffff_ffffL;

  static IpAddress v4(long bits) {
    return new IpAddress(false, 0, bits & MASK32);
  }

  public static IpAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? v4(ByteBuffer.wrap(bytes).getInt()) : v6(bytes);
  }

  private static IpAddress v6(byte[] bytes) {
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return new IpAddress(true, halves.getLong(), halves.getLong());
  }

  /**
   * Reads a canonical dotted quad or an IPv6 address without zone or brackets; null for anything
   * else, however well others understand it.
   */
  public static @Nullable IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? Ipv6Text.parse(text) : quad(text);
  }

  /** Four decimal numbers without leading zeros, sign or anything else (U4). */
  static @Nullable IpAddress quad(String text) {
    long bits = 0;
    int from = 0;
    for (int i = 0; i < 4; i++) {
      int dot = i == 3 ? text.length() : text.indexOf('.', from);
      int octet = dot < 0 ? -1 : octet(text, from, dot);
      if (octet < 0) {
        return null;
      }
      bits = bits << 8 | octet;
      from = dot + 1;
    }
    return v4(bits);
  }

  private static int octet(String text, int from, int to) {
    int length = to - from;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + digit - '0';
    }
    return value <= 255 ? value : -1;
  }

  int bits() {
    return v6 ? 128 : 32;
  }

  boolean mapped() {
    return v6 && high == 0 && low >>> 32 == 0xffff;
  }

  /** An IPv4-mapped address is the IPv4 address that a connection to it would reach. */
  IpAddress unmapped() {
    return mapped() ? v4(low) : this;
  }

  /** An interface identifier that tells tunnels an IPv4 address (RFC 5214 section 6.1). */
  boolean isatap() {
    return v6 && (low >>> 32 & 0xfdff_ffffL) == 0x5efe;
  }

  /** The IPv4 addresses that translators and tunnels would read out of it. */
  List<IpAddress> embedded() {
    if (!v6) {
      return List.of();
    }
    boolean translated = high == 0x0064_ff9b_0000_0000L && low >>> 32 == 0;
    boolean locallyTranslated = high >>> 16 == 0x0064_ff9b_0001L;
    boolean compatible = high == 0 && low >>> 32 == 0 && low > 1; // neither :: nor ::1
    if (translated || locallyTranslated || compatible || mapped() || isatap()) {
      return List.of(v4(low));
    }
    if (high >>> 48 == 0x2002) {
      return List.of(v4(high >>> 16));
    }
    if (high >>> 32 == 0x2001_0000L) {
      return List.of(v4(high), v4(~low)); // Teredo: its server, and its client inverted
    }
    return List.of();
  }

  /** The JDK folds a mapped address to the IPv4 address that it means. */
  public InetAddress toInetAddress() {
    ByteBuffer bytes = ByteBuffer.allocate(v6 ? 16 : 4);
    if (v6) {
      bytes.putLong(high).putLong(low);
    } else {
      bytes.putInt((int) low);
    }
    try {
      return InetAddress.getByAddress(bytes.array());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 or 16 bytes are an address", impossible);
    }
  }

  @Override
  public String toString() {
    return toInetAddress().getHostAddress();
  }
}
