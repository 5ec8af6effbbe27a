package io.livehook.http;

import io.vertx.core.http.HttpHeaders;
import java.util.function.BiConsumer;

/**
 * The header fields that every answer carries, whatever it is (ADM-9): nothing is sniffed, framed,
 * run or told to others. Values are origins' bytes under origins' content types, so nothing that a
 * browser shows of ours may run but the pages below {@code /ui/}, and those only from here.
 * Immutable.
 */
public final class StandingFields {
  private static final CharSequence POLICY = name("content-security-policy");
  private static final CharSequence SNIFFING = name("x-content-type-options");
  private static final CharSequence NO_SNIFFING = name("nosniff");
  private static final CharSequence REFERRER = name("referrer-policy");
  private static final CharSequence NO_REFERRER = name("no-referrer");
  private static final CharSequence TRANSPORT = name("strict-transport-security");
  private static final CharSequence A_YEAR = name("max-age=31536000");

  private static final CharSequence NOTHING_RUNS =
      name(
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
              + " sandbox");
  private static final CharSequence PAGES =
      name(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src"
              + " 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors"
              + " 'none'");

  private final boolean https;

  /** Whoever reaches us by https is told to come by nothing else (RFC 6797). */
  public StandingFields(String baseUrl) {
    this.https = baseUrl.startsWith("https:");
  }

  private static CharSequence name(String text) {
    return HttpHeaders.createOptimized(text);
  }

  /** Gives each field to {@code put}; {@code pages} of the UI may run what comes from here. */
  public void each(boolean pages, BiConsumer<CharSequence, CharSequence> put) {
    put.accept(POLICY, pages ? PAGES : NOTHING_RUNS);
    put.accept(SNIFFING, NO_SNIFFING);
    put.accept(REFERRER, NO_REFERRER);
    if (https) {
      put.accept(TRANSPORT, A_YEAR);
    }
  }
}
