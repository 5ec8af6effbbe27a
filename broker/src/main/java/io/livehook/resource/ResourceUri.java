package io.livehook.resource;

import io.livehook.http.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The rule for the canonical URI of a resource. Pure. */
final class ResourceUri {
  private static final int LONGEST = 8_192;

  private ResourceUri() {}

  /** Everything that is wrong with it. */
  static List<Fault> faults(String pointer, String uri) {
    List<Fault> faults = new ArrayList<>(0);
    if (uri.isEmpty()) {
      faults.add(new Fault(pointer, "empty", "the resource's URI is empty"));
      return faults;
    }
    if (uri.length() > LONGEST) {
      faults.add(new Fault(pointer, "too_long", "longer than " + LONGEST + " characters"));
    }
    boolean control = uri.chars().anyMatch(Character::isISOControl);
    if (control) {
      faults.add(new Fault(pointer, "control_character", "a control character in the URI"));
    }
    if (!absolute(uri)) {
      faults.add(
          new Fault(
              pointer, "not_absolute", "not an absolute URI such as https://origin.example/item"));
    } else if (!control && !wellFormed(uri)) {
      faults.add(new Fault(pointer, "malformed", "not a URI as RFC 3986 has it"));
    }
    if (uri.indexOf('#') >= 0) {
      faults.add(new Fault(pointer, "fragment", "a fragment names a part, not a resource"));
    }
    return faults;
  }

  private static boolean absolute(String uri) {
    int colon = uri.indexOf(':');
    if (colon < 1 || colon == uri.length() - 1 || !letter(uri.charAt(0))) {
      return false;
    }
    for (int i = 1; i < colon; i++) {
      char each = uri.charAt(i);
      if (!letter(each) && !(each >= '0' && each <= '9') && "+-.".indexOf(each) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean letter(char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
  }

  /** Half a surrogate pair has no bytes: it would be stored as another character. */
  private static boolean halved(String uri) {
    return uri.chars().anyMatch(each -> Character.isSurrogate((char) each))
        && !StandardCharsets.UTF_8.newEncoder().canEncode(uri);
  }

  private static boolean wellFormed(String uri) {
    if (halved(uri)) {
      return false;
    }
    try {
      URI parsed = new URI(uri);
      boolean web =
          "http".equalsIgnoreCase(parsed.getScheme())
              || "https".equalsIgnoreCase(parsed.getScheme());
      return !web || parsed.getRawAuthority() != null;
    } catch (URISyntaxException malformed) {
      return false;
    }
  }
}
