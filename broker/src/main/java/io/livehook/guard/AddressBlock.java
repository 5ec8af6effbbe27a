package io.livehook.guard;

import org.jspecify.annotations.Nullable;

/** All addresses that begin with the same bits: {@code 10.0.0.0/8}, {@code ::1}. Immutable. */
public record AddressBlock(IpAddress first, int length) {
  public AddressBlock {
    if (length < 0 || length > first.bits()) {
      throw new IllegalArgumentException("a prefix has at most " + first.bits() + " bits");
    }
  }

  /** Null when it is neither an address nor a prefix, or bits behind the prefix are set. */
  public static @Nullable AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    IpAddress first = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    if (first == null) {
      return null;
    }
    if (slash < 0) {
      return new AddressBlock(first, first.bits());
    }
    String length = text.substring(slash + 1);
    if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > first.bits()) {
      return null;
    }
    AddressBlock block = new AddressBlock(first, Integer.parseInt(length));
    return block.startsWith(first) ? block : null;
  }

  public boolean contains(IpAddress address) {
    return address.v6() == first.v6() && startsWith(address);
  }

  private boolean startsWith(IpAddress address) {
    return (address.high() & highMask()) == first.high()
        && (address.low() & lowMask() & width()) == first.low();
  }

  boolean single() {
    return length == first.bits();
  }

  private long width() {
    return first.v6() ? -1L : 0xffff_ffffL;
  }

  private long highMask() {
    return first.v6() ? leading(Math.min(length, 64)) : 0;
  }

  private long lowMask() {
    return first.v6() ? leading(Math.max(length - 64, 0)) : leading(length + 32);
  }

  private static long leading(int bits) {
    return bits == 0 ? 0 : -1L << (64 - bits);
  }

  @Override
  public String toString() {
    return first + "/" + length;
  }
}
