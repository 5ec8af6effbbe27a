package io.livehook.lane;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** {@code make simulate}: one seed with its history, or many on all processors. */
final class Simulate {
  private static final int SHOWN = 20;

  private Simulate() {}

  /** {@code SEED}, or {@code FROM COUNT}. */
  public static void main(String[] arguments) throws InterruptedException {
    long from = Long.parseLong(arguments[0]);
    if (arguments.length == 1) {
      one(from);
      return;
    }
    Batch batch = new Batch(from, Long.parseLong(arguments[1]));
    batch.run();
    System.out.println(
        batch.count + " seeds, " + batch.steps + " steps, red " + batch.red + ", " + batch.reached);
    System.exit(batch.red.get() == 0 ? 0 : 1);
  }

  private static void one(long seed) {
    Simulation.Result result = Simulation.run(seed, Breach.NONE, true);
    result.history().forEach(System.out::println);
    System.out.println(
        "seed " + seed + ": " + (result.violation() == null ? "holds" : result.violation()));
  }

  /** Seeds from {@code from} on, shared among the processors. */
  static final class Batch {
    final long count;
    final AtomicLong steps = new AtomicLong();
    final AtomicLong fewest = new AtomicLong(Long.MAX_VALUE);
    final AtomicInteger red = new AtomicInteger();
    final Map<Reached, Integer> reached = new EnumMap<>(Reached.class);
    final StringBuilder violations = new StringBuilder();
    private final long from;
    private final AtomicLong next;

    Batch(long from, long count) {
      this.from = from;
      this.count = count;
      this.next = new AtomicLong(from);
    }

    void run() throws InterruptedException {
      Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
      for (int i = 0; i < threads.length; i++) {
        threads[i] = new Thread(this::work, "simulate-" + i);
        threads[i].start();
      }
      for (Thread each : threads) {
        each.join();
      }
    }

    private void work() {
      for (long seed; (seed = next.getAndIncrement()) < from + count; ) {
        take(Simulation.run(seed, Breach.NONE, false));
      }
    }

    private synchronized void take(Simulation.Result result) {
      Simulation.add(reached, result.reached());
      steps.addAndGet(result.steps());
      fewest.accumulateAndGet(result.steps(), Math::min);
      if (result.violation() != null && red.getAndIncrement() < SHOWN) {
        String line = "seed " + result.seed() + ": " + result.violation();
        violations.append(line).append('\n');
        System.out.println(line);
      }
    }
  }
}
