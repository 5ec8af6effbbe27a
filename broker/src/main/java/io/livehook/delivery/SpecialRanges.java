package io.livehook.delivery;

import io.netty.util.NetUtil;

/** Special-purpose prefixes that the JDK's own predicates pass. */
final class SpecialRanges {
  private static final byte[][] PREFIXES;
  private static final int[] LENGTHS;

  private SpecialRanges() {}

  static {
    String[] ranges = {
      "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
      "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
      "203.0.113.0/24", "240.0.0.0/4", "168.63.129.16/32"
    };
    PREFIXES = new byte[ranges.length][];
    LENGTHS = new int[ranges.length];
    for (int i = 0; i < ranges.length; i++) {
      int slash = ranges[i].indexOf('/');
      PREFIXES[i] = NetUtil.createByteArrayFromIpAddressString(ranges[i].substring(0, slash));
      LENGTHS[i] = Integer.parseInt(ranges[i].substring(slash + 1));
    }
  }

  static boolean contain(byte[] address) {
    if (address.length == 16) {
      return (address[0] & 0xe0) != 0x20 || special6(address);
    }
    for (int i = 0; i < PREFIXES.length; i++) {
      if (startsWith(address, PREFIXES[i], LENGTHS[i])) {
        return true;
      }
    }
    return false;
  }

  /** Inside 2000::/3: 2001::/23, documentation, 6to4, and AS112 blocks. */
  private static boolean special6(byte[] address) {
    int first = (address[0] & 0xff) << 8 | (address[1] & 0xff);
    int second = (address[2] & 0xff) << 8 | (address[3] & 0xff);
    return (first == 0x2001 && (second < 0x200 || second == 0xdb8))
        || first == 0x2002
        || (first == 0x2620 && second == 0x4f)
        || (first == 0x3fff && second < 0x1000);
  }

  private static boolean startsWith(byte[] address, byte[] prefix, int bits) {
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i & 7);
      if ((address[i >> 3] & mask) != (prefix[i >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }
}
