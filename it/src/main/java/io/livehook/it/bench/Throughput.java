package io.livehook.it.bench;

import static io.livehook.it.Eventually.after;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.livehook.it.http.Pump;
import io.livehook.it.load.Ledger;
import io.livehook.it.load.Publishers;
import io.livehook.it.process.ProcFs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries per second and CPU per delivery at one fan-out, beside the raw client on the same
 * sink.
 */
final class Throughput {
  static final int RESOURCES = 1_000;
  static final int PUBLISHERS = 64;
  private static final double FULL = 0.90;
  private static final Duration RAMP = Duration.ofSeconds(2);

  private final Options options;
  private final int fanout;
  private final List<Double> raw = new ArrayList<>();
  private final List<Double> rawBusy = new ArrayList<>();
  private final List<Double> rawCpu = new ArrayList<>();
  private final List<Sample> broker = new ArrayList<>();

  Throughput(Options options, int fanout) {
    this.options = options;
    this.fanout = fanout;
  }

  /** Returns false when the run is invalid. */
  boolean run(ObjectNode result) {
    System.out.printf("%nfan-out %,d%n", fanout);
    try (Arrivals sink = Arrivals.start();
        Rig rig = new Rig(options)) {
      System.out.println("  sink: " + sink.name());
      result.put("sink", sink.name());
      rig.subscribe(RESOURCES, fanout, sink.port());
      try (RawProcess client = options.raw() ? new RawProcess(options, sink.port()) : null) {
        alternate(rig, sink, client);
      }
      result.put("peak_resident_bytes", ProcFs.peakResidentBytes(rig.broker().pid()));
    }
    report(result);
    return !options.raw() || Sample.median(rawBusy) >= FULL;
  }

  private void alternate(Rig rig, Arrivals sink, @Nullable RawProcess client) {
    try (Backlog backlog = new Backlog(sink, fanout)) {
      Publishers publishers = publishers(rig, backlog);
      try (Pump pump = publishers.start("publishers", rig.target().port())) {
        after(options.warmUp());
        backlog.drain();
      }
    }
    if (client != null) {
      client.start();
      after(options.warmUp());
      client.stop();
    }
    for (int round = 0; round < options.rounds(); round++) {
      if (client != null) {
        measureRaw(sink, client);
      }
      measureBroker(rig, sink);
    }
  }

  private Publishers publishers(Rig rig, Backlog backlog) {
    Publishers publishers =
        new Publishers(rig.target(), RESOURCES, PUBLISHERS, false, backlog.pace(), Ledger.none());
    backlog.watch(publishers);
    return publishers;
  }

  private void measureRaw(Arrivals sink, RawProcess client) {
    client.start();
    after(RAMP);
    long count = sink.count();
    long cpu = client.cpuMicros();
    long at = System.nanoTime();
    ProcFs.MachineCpu machine = ProcFs.machine();
    after(options.window());
    long arrived = sink.count() - count;
    raw.add(arrived * 1e9 / (System.nanoTime() - at));
    rawCpu.add((client.cpuMicros() - cpu) / (double) arrived);
    rawBusy.add(ProcFs.machine().shareSince(machine));
    client.stop();
    System.out.printf(
        "  raw     %,.0f POSTs/s  µs: client %.1f  busy %.0f %%%n",
        raw.getLast(), rawCpu.getLast(), rawBusy.getLast() * 100);
  }

  private void measureBroker(Rig rig, Arrivals sink) {
    try (Backlog backlog = new Backlog(sink, fanout)) {
      Publishers publishers = publishers(rig, backlog);
      try (Pump pump = publishers.start("publishers", rig.target().port())) {
        after(RAMP);
        Usage before = Usage.of(rig, sink, publishers.acknowledged());
        after(options.window());
        broker.add(Usage.of(rig, sink, publishers.acknowledged()).since(before));
        System.out.println("  broker  " + broker.getLast().line() + refusals(publishers));
        backlog.drain();
      }
    }
  }

  private static String refusals(Publishers publishers) {
    return publishers.refused() + publishers.failed() == 0
        ? ""
        : "  refused " + publishers.refused() + " failed " + publishers.failed();
  }

  private void report(ObjectNode result) {
    double deliveries = Sample.median(broker, Sample::deliveriesPerSecond);
    result.put("deliveries_per_s", deliveries);
    result.put("acks_per_s", Sample.median(broker, Sample::acksPerSecond));
    Sample.putCpu(broker, result);
    if (options.raw()) {
      result.put("raw_per_s", Sample.median(raw));
      result.put("raw_cpu_us", Sample.median(rawCpu));
      result.put("raw_busy", Sample.median(rawBusy));
      result.put("ratio", deliveries / Sample.median(raw));
      result.put("valid", Sample.median(rawBusy) >= FULL);
      System.out.printf("  ratio to the raw client %.2f%n", deliveries / Sample.median(raw));
    }
  }
}
