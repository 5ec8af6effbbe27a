package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.Rule;
import io.livehook.lane.FailureReason;
import io.livehook.lane.Outcome;
import io.livehook.outcome.OutcomePolicy.Ended;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The status table of standards.md §13 and reliability.md §3.12, row by row. */
class OutcomePolicyTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long ACCEPTED = NOW - 60_000;
  private static final RetrySchedule DEFAULT =
      RetrySchedule.parse("5,300,1800,7200,18000,36000,50400,72000,86400");

  private final OutcomePolicy policy = new OutcomePolicy(new Random(1));

  private Outcome decide(int status, @Nullable String retryAfter, int used) {
    FailureReason reason = status >= 200 && status <= 299 ? null : FailureReason.HTTP_STATUS;
    return policy.decide(new Ended(status, reason, retryAfter, used, ACCEPTED, NOW), DEFAULT);
  }

  static IntStream failures() {
    return IntStream.rangeClosed(300, 599).filter(status -> status != 410);
  }

  @Rule("GAP-4")
  @ParameterizedTest
  @MethodSource("failures")
  void everyStatusButTwoHundredsAndGoneIsTriedAgain(int status) {
    // When
    Outcome outcome = decide(status, null, 0);

    // Then
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
  }

  @Test
  void everyTwoHundredIsDelivered() {
    for (int status = 200; status <= 299; status++) {
      assertThat(decide(status, "60", 9)).isEqualTo(Outcome.Delivered.INSTANCE);
    }
  }

  @Rule("GAP-4")
  @ParameterizedTest
  @ValueSource(ints = {0, 9})
  void goneEndsTheSubscriptionAtAnyTry(int used) {
    assertThat(decide(410, "60", used)).isEqualTo(new Outcome.Gone());
  }

  @Test
  void ourProxysErrorUsesUpNoTryUntilTheScheduleIsOver() {
    // When
    FailureReason reason = FailureReason.PROXY_ERROR;
    Outcome first = policy.decide(new Ended(0, reason, null, 0, ACCEPTED, NOW), DEFAULT);
    Outcome used = policy.decide(new Ended(0, reason, null, 9, ACCEPTED, NOW), DEFAULT);
    Outcome late =
        policy.decide(new Ended(0, reason, null, 9, NOW - DEFAULT.sum().toMillis(), NOW), DEFAULT);

    // Then
    assertThat(first).isInstanceOf(Outcome.Throttled.class).extracting("reason").isEqualTo(reason);
    assertThat(used).isInstanceOf(Outcome.Throttled.class);
    assertThat(late).isEqualTo(new Outcome.Dead(reason));
  }

  @ParameterizedTest
  @EnumSource(value = FailureReason.class, names = "PROXY_ERROR", mode = EnumSource.Mode.EXCLUDE)
  void everyFailureWithoutAStatusIsTriedAgainAndThenDead(FailureReason reason) {
    // When
    Outcome first = policy.decide(new Ended(0, reason, null, 0, ACCEPTED, NOW), DEFAULT);
    Outcome last = policy.decide(new Ended(0, reason, null, 9, ACCEPTED, NOW), DEFAULT);

    // Then
    assertThat(first).isInstanceOf(Outcome.Retry.class).extracting("reason").isEqualTo(reason);
    assertThat(last).isEqualTo(new Outcome.Dead(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "0,5", "1,300", "2,1800", "3,7200", "4,18000", "5,36000", "6,50400", "7,72000", "8,86400"
  })
  void eachTryWaitsForItsStepOfTheScheduleWithinTenPercent(int used, long seconds) {
    for (int i = 0; i < 1_000; i++) {
      // When
      Outcome outcome = decide(500, null, used);

      // Then
      long pause = ((Outcome.Retry) outcome).at() - NOW;
      assertThat(pause).isBetween(seconds * 900, seconds * 1100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void aReadableRetryAfterPausesTheCallbackAndUsesUpNoTry(int status) {
    assertThat(decide(status, "120", 9))
        .isEqualTo(new Outcome.Throttled(NOW + 120_000, FailureReason.THROTTLED));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "86400,86400", "86401,86400", "315360000,86400", "9999999999999999999,86400"})
  void aRetryAfterIsBoundedByADay(String asked, long seconds) {
    assertThat(decide(503, asked, 0))
        .isEqualTo(new Outcome.Throttled(NOW + seconds * 1000, FailureReason.THROTTLED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e308", "Infinity", "NaN", "soon", "", "1.5", "5, 10", "５"})
  void anUnreadableRetryAfterCountsAsAbsent(String asked) {
    assertThat(decide(429, asked, 0)).isInstanceOf(Outcome.Retry.class);
    assertThat(decide(429, asked, 9)).isEqualTo(new Outcome.Dead(FailureReason.HTTP_STATUS));
  }

  @Test
  void aRetryAfterInThePastMeansNow() {
    assertThat(decide(503, "Sun, 06 Nov 1994 08:49:37 GMT", 0))
        .isEqualTo(new Outcome.Throttled(NOW, FailureReason.THROTTLED));
  }

  @Test
  void throttlingEndsWithTheScheduleSinceTheAcceptance() {
    // Given
    RetrySchedule brief = RetrySchedule.parse("30,60");
    Ended within = new Ended(503, FailureReason.HTTP_STATUS, "3600", 0, NOW - 60_000, NOW);
    Ended beyond = new Ended(503, FailureReason.HTTP_STATUS, "3600", 0, NOW - 90_000, NOW);
    Ended exhausted = new Ended(503, FailureReason.HTTP_STATUS, "3600", 2, NOW - 90_000, NOW);

    // Then
    assertThat(policy.decide(within, brief))
        .isEqualTo(new Outcome.Throttled(NOW + 30_000, FailureReason.THROTTLED));
    assertThat(policy.decide(beyond, brief))
        .isEqualTo(new Outcome.Retry(NOW + 3_600_000, FailureReason.HTTP_STATUS));
    assertThat(policy.decide(exhausted, brief))
        .isEqualTo(new Outcome.Dead(FailureReason.HTTP_STATUS));
  }

  @ParameterizedTest
  @CsvSource({"500,1,4500,5500", "500,60,60000,60000", "502,172800,86400000,86400000"})
  void otherFailuresAreNeverTriedBeforeARetryAfter(
      int status, String asked, long earliest, long latest) {
    // When
    Outcome outcome = decide(status, asked, 0);

    // Then
    assertThat(((Outcome.Retry) outcome).at() - NOW).isBetween(earliest, latest);
  }

  @Test
  void theDefaultScheduleSpansSeventyFiveHours() {
    assertThat(DEFAULT.sum()).isEqualTo(Duration.parse("PT75H35M5S"));
  }
}
