package io.livehook.it.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a benchmark measures and for how long.
 *
 * @param inFlight POSTs in flight at once over all event loops, of the raw client and the broker
 *     alike
 * @param parts any of throughput, latency, memory, snapshot
 */
record Options(
    List<Integer> fanouts,
    Duration warmUp,
    Duration window,
    int rounds,
    int inFlight,
    int loops,
    boolean raw,
    Set<String> parts) {

  static final String HELP =
      """
      --fanouts 1,10,100,100000   which fan-outs
      --seconds 15                length of a measurement
      --warm-up 20                seconds before the first one
      --rounds 3                  pairs of raw and broker; medians are reported
      --in-flight 128             POSTs in flight over all loops, raw client and broker alike
      --loops 2                   event loops, raw client and broker alike
      --no-raw                    leave the raw client out (no ratios)
      --parts throughput,latency,memory,snapshot
      """;

  static Options parse(String[] arguments) {
    Options options =
        new Options(
            List.of(1, 10, 100, 100_000),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            3,
            128,
            2,
            true,
            new TreeSet<>(List.of("throughput", "latency", "memory", "snapshot")));
    for (int i = 0; i < arguments.length; i++) {
      options =
          arguments[i].equals("--no-raw")
              ? options.withoutRaw()
              : options.with(arguments[i], arguments[++i]);
    }
    return options;
  }

  /** The broker's limit per host counts on each event loop. */
  int inFlightPerLoop() {
    return inFlight / loops;
  }

  boolean has(String part) {
    return parts.contains(part);
  }

  private Options withoutRaw() {
    return new Options(fanouts, warmUp, window, rounds, inFlight, loops, false, parts);
  }

  private Options with(String flag, String value) {
    return switch (flag) {
      case "--fanouts" ->
          new Options(numbers(value), warmUp, window, rounds, inFlight, loops, raw, parts);
      case "--warm-up" ->
          new Options(fanouts, seconds(value), window, rounds, inFlight, loops, raw, parts);
      case "--seconds" ->
          new Options(fanouts, warmUp, seconds(value), rounds, inFlight, loops, raw, parts);
      case "--rounds" ->
          new Options(fanouts, warmUp, window, number(value), inFlight, loops, raw, parts);
      case "--in-flight" ->
          new Options(fanouts, warmUp, window, rounds, number(value), loops, raw, parts);
      case "--loops" ->
          new Options(fanouts, warmUp, window, rounds, inFlight, number(value), raw, parts);
      case "--parts" ->
          new Options(
              fanouts,
              warmUp,
              window,
              rounds,
              inFlight,
              loops,
              raw,
              new TreeSet<>(Arrays.asList(value.split(","))));
      default -> throw new IllegalArgumentException("unknown: " + flag + "\n" + HELP);
    };
  }

  private static List<Integer> numbers(String value) {
    return Arrays.stream(value.split(",")).map(Integer::valueOf).toList();
  }

  private static Duration seconds(String value) {
    return Duration.ofSeconds(number(value));
  }

  private static int number(String value) {
    return Integer.parseInt(value);
  }
}
