package io.livehook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Promise 11: however many steps a request has, it hears within a second. */
class PatienceTest {
  private static final int LIMIT = 900;
  private static final int WITHIN = 800;

  private final StandingClock clock = new StandingClock();
  private final Patience patience = new Patience(clock::nanos, clock);
  private final List<String> over = new ArrayList<>();

  private Patience.Wait wait(String name) {
    return new Patience.Wait(() -> over.add(name));
  }

  @Test
  void whatWaitsIsOverInTimeAndOnce() {
    // Given
    patience.start(wait("a"));

    // When
    clock.pass(WITHIN);
    assertThat(over).isEmpty();
    clock.pass(10L * LIMIT);

    // Then
    assertThat(over).containsExactly("a");
  }

  @Test
  void stepsShareOneBudgetAndRestsDoNotCount() {
    // Given
    Patience.Wait wait = wait("a");
    patience.start(wait);
    clock.pass(500);
    patience.rest(wait);
    clock.pass(5_000);
    assertThat(over).isEmpty();

    // When
    patience.start(wait);
    clock.pass(WITHIN - 500);
    assertThat(over).isEmpty();
    clock.pass(LIMIT - WITHIN);

    // Then
    assertThat(over).containsExactly("a");
  }

  @Test
  void whoHasWaitedBeforeOvertakesWhoCameMeanwhile() {
    // Given
    Patience.Wait early = wait("early");
    patience.start(early);
    clock.pass(600);
    patience.rest(early);
    patience.start(wait("second"));
    clock.pass(100);
    patience.start(wait("third"));

    // When
    patience.start(early);
    clock.pass(LIMIT - 600);

    // Then
    assertThat(over).containsExactly("early");
    clock.pass(LIMIT);
    assertThat(over).containsExactly("early", "second", "third");
  }

  @Test
  void whatIsAnsweredIsLeftAlone() {
    // Given
    List<Patience.Wait> waits = List.of(wait("a"), wait("b"), wait("c"));
    waits.forEach(patience::start);

    // When
    patience.end(waits.get(1));
    patience.end(waits.get(1));
    clock.pass(LIMIT);

    // Then
    assertThat(over).containsExactly("a", "c");
  }

  @Test
  void thoseThatAreAnsweredCostNoTimerEach() {
    // When: a request each millisecond, each answered after three
    List<Patience.Wait> running = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Patience.Wait wait = wait("a");
      patience.start(wait);
      running.add(wait);
      if (running.size() > 3) {
        patience.end(running.removeFirst());
      }
      clock.pass(1);
    }

    // Then
    assertThat(over).isEmpty();
    assertThat(clock.set()).isLessThan(15);
  }

  @Test
  void whatIsOverMayStartAnotherWait() {
    // Given
    Patience.Wait next = wait("next");
    patience.start(new Patience.Wait(() -> patience.start(next)));

    // When
    clock.pass(2L * LIMIT);

    // Then
    assertThat(over).containsExactly("next");
  }
}
