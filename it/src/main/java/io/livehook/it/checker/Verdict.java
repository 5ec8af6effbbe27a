package io.livehook.it.checker;

import java.util.List;

/** What the history says about the promises; every list is empty when all of them were kept. */
public record Verdict(
    List<String> lost,
    List<String> phantoms,
    List<String> reordered,
    List<String> excessDuplicates,
    List<String> forged,
    Counts counts) {

  public record Counts(
      int acknowledged,
      int inDoubt,
      int arrivals,
      int firstArrivals,
      int duplicates,
      int crashes) {}

  public boolean clean() {
    return lost.isEmpty()
        && phantoms.isEmpty()
        && reordered.isEmpty()
        && excessDuplicates.isEmpty()
        && forged.isEmpty();
  }

  @Override
  public String toString() {
    return counts
        + show("lost", lost)
        + show("phantoms", phantoms)
        + show("reordered", reordered)
        + show("excess duplicates", excessDuplicates)
        + show("forged", forged);
  }

  private static String show(String name, List<String> findings) {
    return "\n  " + name + ": " + findings.size() + " " + findings.stream().limit(10).toList();
  }
}
