package io.livehook.fuzz;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.Random;

/** All parsers in turn, from a seed; a broken promise names it. */
final class Fuzz {
  private static final int ROUND = 2_000;

  private Fuzz() {}

  /** Goes on until the time is over and returns how many inputs there were. */
  static long forSeconds(long seconds, long seed) {
    List<Fuzzed> all = Parsers.all();
    long end = System.nanoTime() + seconds * 1_000_000_000;
    long rounds = 0;
    while (System.nanoTime() < end) {
      for (Fuzzed each : all) {
        run(each, seed + rounds, ROUND);
      }
      rounds++;
    }
    return rounds * ROUND * all.size();
  }

  /** How many inputs were taken; a broken promise is an error that names the seed. */
  @CanIgnoreReturnValue
  static int run(Fuzzed parser, long seed, int inputs) {
    Random random = new Random(seed);
    int taken = 0;
    for (int i = 0; i < inputs; i++) {
      String text = parser.generate(random);
      try {
        taken += parser.check(text) ? 1 : 0;
      } catch (Exception | AssertionError | StackOverflowError broken) {
        throw new AssertionError(
            "%s, seed %d, input %d: %s".formatted(parser.name(), seed, i, shown(text)), broken);
      }
    }
    return taken;
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .limit(500)
        .forEach(
            each -> {
              if (each >= ' ' && each < 0x7f) {
                shown.append((char) each);
              } else {
                shown.append("\\u%04x".formatted(each));
              }
            });
    return shown.toString();
  }
}
