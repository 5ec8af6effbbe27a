package io.livehook.delivery;

import java.net.InetAddress;

/** Judges an address before anything connects to it. The seam for the address guard. */
@FunctionalInterface
public interface AddressCheck {
  /** False: nothing of ours may connect there. */
  boolean allows(InetAddress address);

  /** Public addresses only, by the ranges that the JDK knows; loopback too when asked for. */
  static AddressCheck publicOnly(boolean loopback) {
    return address ->
        (loopback && address.isLoopbackAddress())
            || !(address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || SpecialRanges.contain(address.getAddress()));
  }
}
