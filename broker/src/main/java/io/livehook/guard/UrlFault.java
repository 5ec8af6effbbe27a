package io.livehook.guard;

/**
 * One thing that is wrong with a URL.
 *
 * @param kind whether it is no URL for us, or one that the rules forbid
 * @param message goes on after the name of the field: "has a fragment; …"
 */
public record UrlFault(Kind kind, String message) {
  /** What a fault means for whoever sent the URL. */
  public enum Kind {
    /** No URL that could be meant: answered 400. */
    MALFORMED,
    /** A URL of a place that is not connected to: answered 422. */
    FORBIDDEN
  }

  static UrlFault malformed(String message) {
    return new UrlFault(Kind.MALFORMED, message);
  }

  static UrlFault forbidden(String message) {
    return new UrlFault(Kind.FORBIDDEN, message);
  }
}
