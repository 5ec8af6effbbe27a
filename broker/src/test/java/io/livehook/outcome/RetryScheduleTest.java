package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
  @Test
  void wholeSecondsWithCommasAreAPauseEach() {
    assertThat(RetrySchedule.parse("5, 300,2592000").pauses())
        .containsExactly(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofDays(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "5,", ",5", "0", "-1", "1.5", "5s", "5;6", "2592001", "٥", "1e3"})
  void everythingElseIsRefusedWithAReason(String text) {
    assertThatThrownBy(() -> RetrySchedule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("'.*' is .*");
  }

  @Test
  void moreThanAHundredPausesAreRefused() {
    assertThatThrownBy(() -> RetrySchedule.parse("1" + ",1".repeat(100)))
        .hasMessage("has more than 100 pauses");
  }
}
