package io.livehook.delivery;

import java.util.HexFormat;

/**
 * The trace (W3C Trace Context) that all attempts of an update belong to, on whatever node and
 * after whatever restart: its id follows from the update's, the span's from the attempt's. Marked
 * as sampled, since what marks itself as not sampled makes most receivers drop their own spans too.
 * Immutable.
 */
final class Trace {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long update;
  private final String start;

  private Trace(long resource, long update) {
    HexFormat hex = HexFormat.of();
    this.update = update;
    this.start =
        "00-"
            + hex.toHexDigits(mix(update + GOLDEN))
            + hex.toHexDigits(mix(update ^ mix(resource)))
            + '-';
  }

  static Trace of(long resource, long update) {
    return new Trace(resource, update);
  }

  /** The {@code traceparent} of one attempt, from 1, for one subscription. */
  String attempt(long subscription, int number) {
    long span = mix(update ^ mix(subscription + number * GOLDEN));
    return start + HexFormat.of().toHexDigits(span == 0 ? 1 : span) + "-01";
  }

  /** Spreads every bit of a number over all of them, one to one. */
  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
