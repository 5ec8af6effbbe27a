package io.livehook.delivery;

import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Says everything that is wrong with a callback's URL. Each part is looked at by itself, so that
 * one fault hides no other. A host that ends like a number must be a canonical dotted quad
 * (reliability.md §5.1, U4).
 */
final class TargetFaults {
  private static final int LONGEST = 8_192;
  private static final int LONGEST_HOST = 254;
  private static final Pattern NUMBER_AT_THE_END =
      Pattern.compile("(^|\\.)([0-9]+|0[xX][^.]*)\\.?$");

  private final String url;
  private final List<String> faults = new ArrayList<>();

  private TargetFaults(String url) {
    this.url = url;
  }

  static List<String> of(String url) {
    if (url.isEmpty()) {
      return List.of("is empty; give an absolute http or https URL");
    }
    TargetFaults found = new TargetFaults(url);
    found.characters();
    found.scheme();
    found.authority();
    found.fragment();
    found.rest();
    return List.copyOf(found.faults);
  }

  private void characters() {
    if (url.length() > LONGEST) {
      faults.add("is longer than 8,192 characters");
    }
    if (url.chars().anyMatch(each -> each <= ' ' || each >= 0x7f)) {
      faults.add("holds characters other than printable ASCII; percent-encode them");
    }
  }

  private void scheme() {
    int colon = url.indexOf(':');
    if (colon < 0 || !url.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      faults.add("is relative; give an absolute http or https URL");
      return;
    }
    String scheme = url.substring(0, colon);
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      faults.add("has the scheme '" + scheme + "'; only http and https are delivered to");
    }
  }

  private void authority() {
    int start = url.indexOf(':');
    boolean hierarchical = start > 0 && url.startsWith("://", start);
    String authority = hierarchical ? url.substring(start + 3).split("[/?#]", 2)[0] : "";
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      faults.add("holds user information; remove everything before '@'");
    }
    String hostAndPort = authority.substring(at + 1);
    int colon = hostAndPort.lastIndexOf(':');
    boolean ported = colon > hostAndPort.lastIndexOf(']');
    String host = ported ? hostAndPort.substring(0, colon) : hostAndPort;
    if (host.isEmpty()) {
      faults.add("has no host");
    } else if (!isHost(host)) {
      faults.add("has no valid host; give a name, an IPv4 address or an [IPv6] address");
    }
    if (ported && !isPort(hostAndPort.substring(colon + 1))) {
      faults.add("has a port that is not a plain number from 1 to 65535");
    }
  }

  private static boolean isHost(String host) {
    try {
      return host.indexOf('%') < 0
          && host.length() <= LONGEST_HOST
          && new URI("http", host, "/", null).getHost() != null
          && (!NUMBER_AT_THE_END.matcher(host).find() || isDottedQuad(host));
    } catch (URISyntaxException broken) {
      return false;
    }
  }

  private static boolean isDottedQuad(String host) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    return address != null && NetUtil.bytesToIpAddress(address).equals(host);
  }

  private static boolean isPort(String port) {
    return port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= 65_535;
  }

  private void fragment() {
    if (url.indexOf('#') >= 0) {
      faults.add("has a fragment; remove everything from '#' on");
    }
  }

  /** What the parts do not show: bad escapes, stray brackets. */
  private void rest() {
    if (faults.isEmpty()) {
      try {
        URI uri = new URI(url);
        if (uri.getHost() == null) {
          faults.add("has no valid host; give a name, an IPv4 address or an [IPv6] address");
        }
      } catch (URISyntaxException broken) {
        faults.add("is not a URL: " + broken.getReason());
      }
    }
  }
}
