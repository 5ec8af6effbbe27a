package io.livehook.delivery;

import com.google.common.net.InternetDomainName;
import io.livehook.guard.GuardedUrl;
import io.livehook.guard.IpAddress;

/**
 * Who answers for a host: the registrable domain of a name by the public suffix list, the /64 of an
 * IPv6 address, an IPv4 address itself. Bounds that one party could escape with ever more names are
 * counted by it. Pure.
 */
public final class Site {
  private Site() {}

  public static String of(GuardedUrl url) {
    IpAddress literal = url.literal();
    if (literal != null) {
      return literal.v6() ? "[" + Long.toHexString(literal.high()) + "]/64" : url.host();
    }
    if (!InternetDomainName.isValid(url.host())) {
      return url.host();
    }
    InternetDomainName name = InternetDomainName.from(url.host());
    return name.isUnderPublicSuffix() ? name.topPrivateDomain().toString() : url.host();
  }
}
