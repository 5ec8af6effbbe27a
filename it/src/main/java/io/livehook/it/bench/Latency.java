package io.livehook.it.bench;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.livehook.it.http.Pump;
import io.livehook.it.load.Latencies;
import io.livehook.it.load.Ledger;
import io.livehook.it.load.Pace;
import io.livehook.it.load.Publishers;
import io.livehook.it.receiver.Sink;
import java.time.Duration;
import java.util.Arrays;

/**
 * From acknowledgement to arrival at fan-out 10. Load and sink live in this process; the raw
 * client's figure is from the call of {@code post} to arrival, at the same number of POSTs per
 * second.
 */
final class Latency {
  private static final int FANOUT = 10;

  private final Options options;

  Latency(Options options) {
    this.options = options;
  }

  void run(ObjectNode result) {
    System.out.printf("%nlatency, acknowledgement to arrival, fan-out %d%n", FANOUT);
    try (Rig rig = new Rig(options)) {
      // The port of the first sink is the one that all callbacks have.
      int port;
      try (Sink first = new Sink(0, false)) {
        port = first.port();
        rig.subscribe(Throughput.RESOURCES, FANOUT, port);
        load(rig, 1_000, options.warmUp(), new Acknowledgements());
        eventually("the warm-up is delivered", Duration.ofSeconds(60), new Settled(first)::check);
      }
      for (int rate : new int[] {100, 1_000}) {
        measure(rig, port, rate, result.putObject(Integer.toString(rate)));
      }
    }
  }

  private void measure(Rig rig, int port, int rate, ObjectNode result) {
    Duration time =
        Duration.ofSeconds(Math.max(options.window().toSeconds(), 10_000 / (FANOUT * rate) + 2));
    Acknowledgements acknowledgements = new Acknowledgements();
    Latencies broker = new Latencies();
    try (Sink sink = new Sink(port, true)) {
      load(rig, rate, time, acknowledgements);
      eventually("all is delivered", Duration.ofSeconds(60), new Settled(sink)::check);
      sink.close();
      sink.forEach((number, at) -> acknowledgements.addTo(broker, number, at));
    }
    report("broker", rate, broker, result);
    if (options.raw()) {
      report("raw", rate, raw(port, rate * FANOUT, time), result.putObject("raw"));
    }
  }

  private Latencies raw(int port, int posts, Duration time) {
    Latencies latencies = new Latencies();
    try (Sink sink = new Sink(port, true)) {
      try (RawProcess client = new RawProcess(options, port)) {
        client.rate(posts, options.warmUp());
        long begin = System.nanoTime();
        client.rate(posts, time);
        sink.close();
        sink.forEach(
            (startedAt, at) -> {
              if (startedAt >= begin) {
                latencies.add(at - startedAt);
              }
            });
      }
    }
    return latencies;
  }

  private static void load(Rig rig, int rate, Duration time, Acknowledgements acknowledgements) {
    Publishers publishers =
        new Publishers(
            rig.target(), Throughput.RESOURCES, 64, false, Pace.rate(rate), acknowledgements);
    try (Pump pump = publishers.start("publishers", rig.target().port())) {
      after(time);
      publishers.pause();
      eventually("answers are in", Duration.ofSeconds(10), acknowledgements::complete);
    }
  }

  private static void report(String who, int rate, Latencies latencies, ObjectNode result) {
    result.put("p50_ms", latencies.quantile(0.50));
    result.put("p99_ms", latencies.quantile(0.99));
    result.put("p999_ms", latencies.quantile(0.999));
    result.put("samples", latencies.size());
    System.out.printf(
        "  %-6s at %,d updates/s: p50 %.2f ms  p99 %.2f ms  p99.9 %.2f ms  (%,d samples)%n",
        who,
        rate,
        latencies.quantile(0.50),
        latencies.quantile(0.99),
        latencies.quantile(0.999),
        latencies.size());
  }

  /** True once no arrival has come for a second. */
  private static final class Settled {
    private final Sink sink;
    private long seen = -1;
    private long since = System.nanoTime();

    Settled(Sink sink) {
      this.sink = sink;
    }

    boolean check() {
      long now = System.nanoTime();
      if (sink.arrivals() != seen) {
        seen = sink.arrivals();
        since = now;
      }
      return now - since > Duration.ofSeconds(1).toNanos();
    }
  }

  /**
   * When each update was acknowledged, by its number; written by the pump, read after it has ended.
   */
  private static final class Acknowledgements implements Ledger {
    private long[] at = new long[1 << 14];
    private long first = -1;
    private volatile long open;

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void sent(int resource, long number, long now) {
      first = first < 0 ? number : first;
      open++;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void acknowledged(int resource, long number, Pump.Answer answer) {
      int index = (int) (number - first);
      if (index >= at.length) {
        at = Arrays.copyOf(at, Math.max(index + 1, at.length * 2));
      }
      at[index] = answer.at();
      open--;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void refused(int resource, long number, Pump.Answer answer) {
      open--;
    }

    boolean complete() {
      return open == 0;
    }

    void addTo(Latencies latencies, long number, long arrivedAt) {
      long index = number - first;
      if (index >= 0 && index < at.length && at[(int) index] != 0) {
        latencies.add(Math.max(0, arrivedAt - at[(int) index]));
      }
    }
  }
}
