package io.livehook.lane;

import java.util.List;
import java.util.SplittableRandom;

/** Everything random of one simulated run comes from here, so that its seed replays it. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** True so many times in a thousand. */
  boolean permille(int times) {
    return random.nextInt(1000) < times;
  }

  /** Both ends included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
