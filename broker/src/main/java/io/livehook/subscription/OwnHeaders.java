package io.livehook.subscription;

import io.livehook.platform.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Headers that a consumer gives its deliveries (standards.md §12): values are write-only. What
 * frames a message, and every name that Livehook itself sends, is refused. Pure.
 */
final class OwnHeaders {
  private static final int MOST = 20;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VALUE = 4_096;
  private static final String FIELD = "headers";

  private static final Set<String> REFUSED =
      Set.of(
          "host",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "content-length",
          "content-type",
          "content-encoding",
          "content-language",
          "content-digest",
          "etag",
          "previous-etag",
          "last-modified",
          "location",
          "link",
          "changes-id",
          "previous-changes-id",
          "traceparent",
          "tracestate",
          "user-agent",
          "date",
          "sunset",
          "signature",
          "signature-input");

  private static final Set<String> REFUSED_STARTS =
      Set.of("webhook-", "svix-", "x-hook-", "x-hub-", "liveresource-", "ce-", "proxy-");

  private OwnHeaders() {}

  static void check(Given given) {
    Map<String, Secret> headers = given.object(FIELD);
    if (headers == null) {
      return;
    }
    if (headers.size() > MOST) {
      given.fault(FIELD, "value", "at most " + MOST + " headers");
    }
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, value) -> {
          if (!seen.add(name)) {
            given.fault(FIELD, "value", "the header " + shown(name) + " is there twice");
          }
          checkName(given, name);
          checkValue(given, name, value);
        });
  }

  private static void checkName(Given given, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1," + LONGEST_NAME + "}")) {
      given.fault(FIELD, "value", "not the name of a header: " + shown(name));
    } else if (REFUSED.contains(lower) || REFUSED_STARTS.stream().anyMatch(lower::startsWith)) {
      given.fault(FIELD, "refused", "the header " + name + " is Livehook's own");
    }
  }

  /** Says which header it is, never its value. */
  private static void checkValue(Given given, String name, Secret value) {
    String text = value.reveal();
    boolean plain = text.chars().allMatch(each -> each >= ' ' && each <= '~');
    if (!plain || text.length() > LONGEST_VALUE || !text.equals(text.strip())) {
      given.fault(
          FIELD,
          "value",
          "the value of %s is at most %d characters of printable ASCII, without space around it"
              .formatted(shown(name), LONGEST_VALUE));
    }
  }

  private static String shown(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
  }
}
