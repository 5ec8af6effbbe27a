package io.livehook.lane;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One simulated run: random asking and random faults, then a quiet end in which everything owed
 * must come to rest. Green, or the first violation.
 */
final class Simulation {
  private static final int SETTLE = 1_500_000;
  private static final int FEWEST = 500;

  private final SimulatedWorld world;
  private int actions;

  private Simulation(long seed, Breach breach, boolean tracing) {
    this.world = new SimulatedWorld(seed, breach, tracing);
  }

  /**
   * What came of a run.
   *
   * @param violation null when it was green
   */
  record Result(
      long seed,
      int steps,
      @Nullable String violation,
      Map<Reached, Integer> reached,
      List<String> history) {}

  static Result run(long seed, Breach breach, boolean tracing) {
    Simulation simulation = new Simulation(seed, breach, tracing);
    String violation = null;
    try {
      simulation.run();
    } catch (Violation found) {
      violation = found.getMessage();
    } catch (RuntimeException bug) {
      violation = "the lane failed: " + bug;
      if (tracing) {
        java.io.StringWriter text = new java.io.StringWriter();
        bug.printStackTrace(new java.io.PrintWriter(text));
        simulation.world.history.add(text.toString());
      }
    }
    SimulatedWorld world = simulation.world;
    return new Result(seed, world.steps, violation, world.reached, world.history);
  }

  private void run() {
    act();
    tidy();
    while (actions < world.plan.steps() || world.steps < FEWEST) {
      world.step(Long.MAX_VALUE);
    }
    world.quiet();
    long until = world.now + SETTLE;
    while (!settled()) {
      if (world.now >= until) {
        throw new Violation("stuck: " + unsettled());
      }
      long next = world.now + 1_000;
      int most = world.steps + 20_000;
      while (world.step(next)) {
        if (world.steps > most) {
          throw new Violation("running in circles: " + unsettled());
        }
      }
    }
    world.oracle.settled();
  }

  private void act() {
    if (!world.isQuiet()) {
      actions++;
      world.consumers.act();
      world.later(world.consumers.pause(), this::act);
    }
  }

  private void tidy() {
    world.consumers.tidy();
    world.later(2_000, this::tidy);
  }

  private boolean settled() {
    return unsettled() == null;
  }

  private @Nullable String unsettled() {
    SimulatedTables tables = world.database.tables;
    if (tables.retry.size() > 0) {
      return "waiting: " + tables.retry.values().iterator().next();
    }
    if (tables.behind.size() > 0) {
      return "behind: " + tables.behind.values().iterator().next();
    }
    for (SimulatedTables.SubscriptionRow each : tables.subscription.values()) {
      Long owed = each.active() ? world.database.rules.lowestOwed(each.id()) : null;
      if (owed != null) {
        return "owed: " + owed + " to " + each.id();
      }
    }
    for (SimulatedTables.ResourceRow each : tables.resource.values()) {
      LogRow newest = tables.newest(each.id());
      if (newest != null && newest.id() > tables.laneRow(each.lane()).watermark()) {
        return "watermark of lane " + each.lane() + " below " + newest.id();
      }
    }
    return world.oracle.unanswered() ? "a submission without a verdict" : null;
  }

  static void add(Map<Reached, Integer> sums, Map<Reached, Integer> more) {
    more.forEach((what, times) -> sums.merge(what, times, Integer::sum));
  }

  /** For {@code MutantsTest}, which loads this class beside a broken lane. Null: green. */
  static @Nullable String violation(long seed, String breach) {
    return run(seed, Breach.valueOf(breach), false).violation;
  }
}
