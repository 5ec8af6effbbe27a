package io.livehook.it.bench;

import static io.livehook.it.Eventually.after;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.livehook.it.process.ProcFs;
import java.time.Duration;

/**
 * Start-to-ready, and what an idle broker with 1,000 subscriptions keeps resident a minute later.
 */
final class Memory {
  private final Options options;

  Memory(Options options) {
    this.options = options;
  }

  void run(ObjectNode result) {
    System.out.printf("%nmemory and start%n");
    try (Arrivals sink = Arrivals.start();
        Rig rig = new Rig(options)) {
      rig.subscribe(Throughput.RESOURCES, 1, sink.port());
      Duration start = rig.restart();
      after(Duration.ofSeconds(60));
      long resident = ProcFs.residentBytes(rig.broker().pid());
      result.put("start_to_ready_ms", start.toMillis());
      result.put("idle_resident_bytes", resident);
      System.out.printf(
          "  ready %.1f s after the start; idle with 1,000 subscriptions: %,d MiB resident%n",
          start.toMillis() / 1e3, resident >> 20);
    }
  }
}
