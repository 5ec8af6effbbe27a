package io.livehook.lane;

import io.livehook.lane.SimulatedDatabase.Mutant;
import java.util.Map;
import java.util.TreeMap;

/** {@code make simulate}: one seed with its history, or many for a while. */
final class Simulate {
  private static final int STEPS = 700;

  private Simulate() {}

  /** {@code SEED}, or {@code FROM COUNT}. */
  public static void main(String[] arguments) {
    if (arguments.length == 1) {
      new Simulation(
              Long.parseLong(arguments[0]), Mutant.NONE, new TreeMap<>(), System.out::println)
          .run(STEPS);
      System.out.println("seed " + arguments[0] + " holds");
      return;
    }
    long from = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, Integer> broken = new TreeMap<>();
    for (long seed = from; seed < from + count; seed++) {
      try {
        new Simulation(seed, Mutant.NONE, counts, line -> {}).run(STEPS);
      } catch (RuntimeException | Oracle.Broken failure) {
        if (broken.merge(
                String.valueOf(failure.getMessage()).replaceAll("[0-9\\[].*", ""), 1, Integer::sum)
            <= 3) {
          System.out.println("seed " + seed + ": " + failure);
        }
      }
    }
    System.out.println(count + " seeds, reached " + counts + "\nbroken " + broken);
    if (!broken.isEmpty()) {
      System.exit(1);
    }
  }
}
