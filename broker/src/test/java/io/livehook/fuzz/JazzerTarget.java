package io.livehook.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The same parsers and oracles for Jazzer, which finds its inputs by coverage. */
public final class JazzerTarget {
  private static final List<Fuzzed> ALL = Parsers.all();

  private JazzerTarget() {}

  /** The first byte chooses the parser, the rest is what it gets. */
  public static void fuzzerTestOneInput(byte[] data) throws Exception {
    if (data.length > 0) {
      Fuzzed chosen = ALL.get((data[0] & 255) % ALL.size());
      byte[] rest = Arrays.copyOfRange(data, 1, data.length);
      chosen.check(new String(rest, StandardCharsets.UTF_8));
    }
  }
}
