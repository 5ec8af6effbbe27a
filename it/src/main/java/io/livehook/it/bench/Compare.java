package io.livehook.it.bench;

import static io.livehook.it.Eventually.after;

import io.livehook.it.http.Pump;
import io.livehook.it.load.Ledger;
import io.livehook.it.load.Publishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * {@code make compare}: builds or JVM options beside each other at saturation, in short turns, so
 * that the noise of a shared machine meets all of them alike. What counts is the ratio to the
 * first.
 */
public final class Compare {
  private static final String HELP =
      """
      Compare FANOUT ROUNDS VARIANT VARIANT...   a variant is "JAR [JVM option]..."
      """;
  private static final Duration TURN = Duration.ofSeconds(2);
  private static final Duration RAMP = Duration.ofMillis(500);

  private final Options options = Options.parse(new String[0]);
  private final int fanout;

  /** One broker with its database, and what its turns measured. */
  private record Variant(String name, Rig rig, List<Sample> samples) {}

  private Compare(int fanout) {
    this.fanout = fanout;
  }

  public static void main(String[] arguments) {
    if (arguments.length < 4) {
      System.out.print(HELP);
      System.exit(2);
    }
    new Compare(Integer.parseInt(arguments[0]))
        .run(Integer.parseInt(arguments[1]), Arrays.asList(arguments).subList(2, arguments.length));
    System.exit(0);
  }

  private void run(int rounds, List<String> names) {
    List<Variant> variants = new ArrayList<>();
    try (Arrivals sink = Arrivals.start()) {
      for (String name : names) {
        variants.add(start(name, sink));
      }
      variants.forEach(each -> turn(each, sink, options.warmUp()));
      variants.forEach(each -> each.samples.clear());
      for (int round = 0; round < rounds; round++) {
        List<Variant> order = round % 2 == 0 ? variants : variants.reversed();
        order.forEach(each -> turn(each, sink, TURN));
      }
      variants.forEach(each -> print(each, variants.getFirst()));
    } finally {
      variants.forEach(each -> each.rig.close());
    }
  }

  private Variant start(String name, Arrivals sink) {
    List<String> words = List.of(name.split(" "));
    String[] jvm = words.stream().skip(1).toArray(String[]::new);
    Rig rig = new Rig(options, Path.of(words.getFirst()), jvm);
    rig.subscribe(Throughput.RESOURCES, fanout, sink.port());
    return new Variant(name, rig, new ArrayList<>());
  }

  private void turn(Variant variant, Arrivals sink, Duration length) {
    try (Backlog backlog = new Backlog(sink, fanout)) {
      Publishers publishers =
          new Publishers(
              variant.rig.target(),
              Throughput.RESOURCES,
              Throughput.PUBLISHERS,
              false,
              backlog.pace(),
              Ledger.none());
      backlog.watch(publishers);
      try (Pump pump = publishers.start("publishers", variant.rig.target().port())) {
        after(RAMP);
        Usage before = Usage.of(variant.rig, sink, publishers.acknowledged());
        after(length);
        variant.samples.add(Usage.of(variant.rig, sink, publishers.acknowledged()).since(before));
        backlog.drain();
      }
    }
  }

  private static void print(Variant variant, Variant first) {
    System.out.printf(
        "%,7.0f/s ×%.3f   broker %.1f µs ×%.3f   postgres %.1f µs ×%.3f   %s%n",
        Sample.median(variant.samples, Sample::deliveriesPerSecond),
        ratio(variant, first, Sample::deliveriesPerSecond),
        Sample.median(variant.samples, Sample::brokerCpu),
        ratio(variant, first, Sample::brokerCpu),
        Sample.median(variant.samples, Sample::postgresCpu),
        ratio(variant, first, Sample::postgresCpu),
        variant.name);
  }

  /** The median of the ratios of turns that followed each other. */
  private static double ratio(Variant variant, Variant first, ToDoubleFunction<Sample> figure) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < first.samples.size(); i++) {
      ratios.add(
          figure.applyAsDouble(variant.samples.get(i))
              / figure.applyAsDouble(first.samples.get(i)));
    }
    return Sample.median(ratios);
  }
}
