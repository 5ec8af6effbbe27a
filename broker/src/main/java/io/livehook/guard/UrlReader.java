package io.livehook.guard;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stranger's URL apart, by one grammar that is narrower than everyone else's, and says
 * everything that is wrong with its text. Each part is looked at by itself, so that one fault hides
 * no other (reliability.md U1 to U4). One per URL.
 */
final class UrlReader {
  private static final int LONGEST = 8_192;
  private static final String NO_HOST =
      "has no valid host; give a name, an IPv4 address or an [IPv6] address";
  private static final String PATH_MARKS = "-._~!$&'()*+,;=:@/";

  private final String url;
  private final List<UrlFault> faults = new ArrayList<>();
  private boolean tls;
  private String host = "";
  private int port = -1;
  private String path = "/";
  private @Nullable IpAddress literal;

  UrlReader(String url) {
    this.url = url;
    if (url.isEmpty()) {
      fault("is empty; give an absolute http or https URL");
      return;
    }
    characters();
    scheme();
    authority();
    fragment();
    path();
  }

  /** What is wrong; with any of it there is no URL. */
  List<UrlFault> faults() {
    return faults;
  }

  GuardedUrl url() {
    return new GuardedUrl(tls, host, port, path, literal);
  }

  private void fault(String message) {
    faults.add(UrlFault.malformed(message));
  }

  private void characters() {
    if (url.length() > LONGEST) {
      fault("is longer than 8,192 characters");
    }
    if (url.chars().anyMatch(each -> each <= ' ' || each >= 0x7f)) {
      fault("holds characters other than printable ASCII; " + asciiForm());
    }
  }

  /** A name in another script has a form in ASCII, which the sender may have meant. */
  private String asciiForm() {
    String authority = authorityText();
    int colon = authority.lastIndexOf(':');
    String name = colon < 0 ? authority : authority.substring(0, colon);
    if (name.chars().anyMatch(each -> each >= 0x80) && name.length() <= 253) {
      try {
        String ascii = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES);
        if (ascii.contains("xn--") && HostText.isName(ascii)) {
          return "write the host as " + ascii;
        }
      } catch (IllegalArgumentException noName) {
        return "percent-encode them, and write the host in ASCII";
      }
    }
    return "percent-encode them";
  }

  private void scheme() {
    int colon = url.indexOf(':');
    if (colon < 0 || !url.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      fault("is relative; give an absolute http or https URL");
      return;
    }
    String scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
    tls = scheme.equals("https");
    if (!tls && !scheme.equals("http")) {
      fault("has the scheme '" + scheme + "'; only http and https are delivered to");
    }
  }

  private int authorityStart() {
    int colon = url.indexOf(':');
    return colon > 0 && url.startsWith("://", colon) ? colon + 3 : -1;
  }

  private String authorityText() {
    int start = authorityStart();
    return start < 0 ? "" : url.substring(start, authorityEnd(start));
  }

  private int authorityEnd(int start) {
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private void authority() {
    String authority = authorityText();
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      fault("holds user information; remove everything before '@'");
    }
    String hostAndPort = authority.substring(at + 1);
    int colon = hostAndPort.lastIndexOf(':');
    boolean ported = colon > hostAndPort.lastIndexOf(']');
    host(ported ? hostAndPort.substring(0, colon) : hostAndPort);
    if (!ported) {
      port = tls ? 443 : 80;
    } else if (HostText.isPort(hostAndPort.substring(colon + 1))) {
      port = Integer.parseInt(hostAndPort.substring(colon + 1));
    } else {
      fault("has a port that is not a plain number up to 65535");
    }
  }

  private void host(String text) {
    if (text.isEmpty()) {
      fault("has no host");
    } else if (text.startsWith("[")) {
      bracketed(text);
    } else if (HostText.endsInANumber(text)) {
      literal = IpAddress.quad(text);
      host = text;
      if (literal == null) {
        fault(NO_HOST);
      }
    } else if (HostText.isName(text)) {
      host = HostText.bare(text.toLowerCase(Locale.ROOT));
    } else {
      fault(NO_HOST);
    }
  }

  private void bracketed(String text) {
    literal =
        text.indexOf(']') == text.length() - 1 && text.indexOf(':') > 0
            ? IpAddress.parse(text.substring(1, text.length() - 1))
            : null;
    if (literal == null) {
      fault(NO_HOST);
    } else {
      host = text.substring(1, text.length() - 1).toLowerCase(Locale.ROOT);
    }
  }

  private void fragment() {
    if (url.indexOf('#') >= 0) {
      fault("has a fragment; remove everything from '#' on");
    }
  }

  private void path() {
    int start = authorityStart();
    if (start < 0 || !faults.isEmpty()) {
      return;
    }
    String rest = url.substring(authorityEnd(start));
    int query = rest.indexOf('?');
    for (int i = 0; i < rest.length(); i++) {
      char each = rest.charAt(i);
      boolean escape = each == '%' && isEscape(rest, i);
      boolean queryMark = query >= 0 && i >= query && "?[]".indexOf(each) >= 0;
      if (!escape && !queryMark && !isLetterOrDigit(each) && PATH_MARKS.indexOf(each) < 0) {
        fault("is not a URL: '" + each + "' must be percent-encoded, at character " + (i + 1));
        return;
      }
    }
    path = rest.startsWith("/") ? rest : "/" + rest;
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Ipv6Text.hex(text.charAt(at + 1)) >= 0
        && Ipv6Text.hex(text.charAt(at + 2)) >= 0;
  }

  private static boolean isLetterOrDigit(char each) {
    int letter = each | 0x20;
    return (each >= '0' && each <= '9') || (letter >= 'a' && letter <= 'z');
  }
}
