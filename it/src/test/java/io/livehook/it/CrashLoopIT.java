package io.livehook.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.crash.CrashLoop;
import org.junit.jupiter.api.Test;

/**
 * Promises 1 to 4 and 8 while broker and PostgreSQL are killed; {@code make chaos} runs it longer.
 */
class CrashLoopIT {
  private static final long SEED = Long.getLong("livehook.seed", 20_261_124);
  private static final int KILLS = Integer.getInteger("livehook.kills", 50);

  @Test
  void nothingAcknowledgedIsLostWhateverIsKilled() {
    // Given
    CrashLoop.Plan plan = new CrashLoop.Plan(SEED, KILLS, KILLS / 10, 1000, 200, 4);

    // When
    CrashLoop.Outcome outcome = new CrashLoop(Scene.folder("crash-loop"), plan).run();

    // Then
    System.out.println(outcome);
    assertThat(outcome.verdict().clean()).as("seed %s: %s", SEED, outcome).isTrue();
    assertThat(outcome.killsWithAttemptsInFlight()).isGreaterThanOrEqualTo(KILLS * 4 / 5);
    assertThat(outcome.updatesPerSecond())
        .as("updates/s while the broker was up")
        .isGreaterThanOrEqualTo(500);
  }
}
