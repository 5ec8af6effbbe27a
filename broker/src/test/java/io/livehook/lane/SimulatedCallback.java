package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/** A callback that changes its mind: what it answers, and when. */
final class SimulatedCallback {
  /** How it behaves just now. */
  enum Mood {
    FINE,
    SLUGGISH,
    SLOW,
    FAILING,
    FLAKY,
    REFUSING,
    SILENT,
    THROTTLING,
    GONE
  }

  /**
   * @param status 0: no answer at all
   * @param after milliseconds
   * @param pause of {@code Retry-After}
   */
  record Reply(int status, int after, int pause) {}

  final String uri;
  final String host;
  Mood mood = Mood.FINE;

  SimulatedCallback(String uri, String host) {
    this.uri = uri;
    this.host = host;
  }

  /** Null: no connection comes about. */
  @Nullable Reply reply(Chance chance) {
    return switch (mood) {
      case FINE -> new Reply(200, chance.between(1, 60), 0);
      case SLUGGISH -> new Reply(200, chance.between(1_500, 4_500), 0);
      case SLOW -> new Reply(chance.permille(700) ? 200 : 500, chance.between(5_200, 13_000), 0);
      case FAILING -> new Reply(500, chance.between(1, 400), 0);
      case FLAKY -> new Reply(chance.permille(500) ? 200 : 500, chance.between(1, 900), 0);
      case REFUSING -> null;
      case SILENT -> new Reply(0, 0, 0);
      case THROTTLING -> new Reply(503, chance.between(1, 100), chance.between(1, 20) * 1_000);
      case GONE -> new Reply(410, chance.between(1, 300), 0);
    };
  }

  void change(Chance chance) {
    int die = chance.between(0, 99);
    if (die < 40) {
      mood = Mood.FINE;
    } else if (die < 48) {
      mood = Mood.SLUGGISH;
    } else if (die < 55) {
      mood = Mood.SLOW;
    } else if (die < 70) {
      mood = Mood.FLAKY;
    } else if (die < 80) {
      mood = Mood.FAILING;
    } else if (die < 87) {
      mood = Mood.REFUSING;
    } else if (die < 92) {
      mood = Mood.SILENT;
    } else if (die < 97) {
      mood = Mood.THROTTLING;
    } else {
      mood = Mood.GONE;
    }
  }
}
