package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lane in a world where everything goes wrong; {@code make simulate SEED=…} shows one run. */
final class SimulationTest {
  private static final int SEEDS = 5_000;
  private static final int OFTEN = 100;

  @Test
  void everyPromiseHoldsInEveryRunAndEveryFaultIsMetOften() throws InterruptedException {
    // Given
    Simulate.Batch batch = new Simulate.Batch(1, SEEDS);
    // When
    batch.run();
    // Then
    assertThat(batch.violations.toString()).isEmpty();
    List<Reached> rare =
        Arrays.stream(Reached.values())
            .filter(each -> batch.reached.getOrDefault(each, 0) < OFTEN)
            .toList();
    assertThat(rare).as("met too rarely, the runs prove nothing: %s", batch.reached).isEmpty();
    assertThat(batch.fewest.get()).as("steps of the shortest run").isGreaterThanOrEqualTo(500);
  }

  @Test
  void aSeedReplaysItsHistory() {
    // Given
    List<String> first = Simulation.run(7, Breach.NONE, true).history();
    // When
    List<String> second = Simulation.run(7, Breach.NONE, true).history();
    // Then
    assertThat(second).isEqualTo(first).hasSizeGreaterThan(50);
  }
}
