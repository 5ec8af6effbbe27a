package io.livehook.it.checker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker must go red on each kind of breach, and on nothing else. */
class CheckerTest {
  private final Checker checker = new Checker();

  @BeforeEach
  void oneResourceWithTwoSubscriptions() {
    checker.subscribed("/s/1", "r");
    checker.subscribed("/s/2", "r");
    checker.subscribed("/other", "other");
  }

  @Test
  void anUneventfulHistoryIsClean() {
    // Given
    accepted(1, "msg_1", 0);
    accepted(2, "msg_2", 10);

    // When
    arrivesEverywhere("msg_1", 1, 1);
    arrivesEverywhere("msg_2", 2, 11);

    // Then
    Verdict verdict = checker.verdict();
    assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    assertThat(checker.outstanding()).isZero();
    assertThat(verdict.counts()).isEqualTo(new Verdict.Counts(2, 0, 4, 4, 0, 0));
  }

  @Test
  void anAcknowledgedUpdateThatNeverArrivesIsLost() {
    // Given
    accepted(1, "msg_1", 0);

    // When
    arrives("/s/1", "msg_1", 1, 204, 5);

    // Then
    assertThat(checker.outstanding()).isEqualTo(1);
    assertThat(checker.verdict().lost()).containsExactly("/s/2 never got msg_1");
  }

  @Test
  void anArrivalThatWasNotAnsweredWith2xxDoesNotCount() {
    // Given
    accepted(1, "msg_1", 0);

    // When
    arrives("/s/1", "msg_1", 1, 500, 5);
    arrives("/s/2", "msg_1", 1, 0, 5);

    // Then
    assertThat(checker.verdict().lost()).hasSize(2);
  }

  @Test
  void anUpdateInDoubtMayArriveOrNot() {
    // Given
    checker.sent("r", 1, 0);
    checker.sent("r", 2, 1);

    // When
    arrives("/s/1", "msg_1", 1, 204, 5);

    // Then
    assertThat(checker.verdict().clean()).isTrue();
  }

  @Test
  void anArrivalBeforeItsAcknowledgementCounts() {
    // Given
    checker.sent("r", 1, 0);
    arrivesEverywhere("msg_1", 1, 5);

    // When
    checker.acknowledged(1, "msg_1", 6);

    // Then
    assertThat(checker.outstanding()).isZero();
    assertThat(checker.verdict().clean()).isTrue();
  }

  @Test
  void bytesThatNobodySentAreAPhantom() {
    arrives("/s/1", "msg_1", 99, 204, 5);

    assertThat(checker.verdict().phantoms()).hasSize(1);
  }

  @Test
  void anUpdateOfAnotherResourceIsAPhantom() {
    // Given
    accepted(1, "msg_1", 0);
    arrivesEverywhere("msg_1", 1, 1);

    // When
    arrives("/other", "msg_1", 1, 204, 5);

    // Then
    assertThat(checker.verdict().phantoms()).hasSize(1);
  }

  @Test
  void anUpdateAcceptedTwiceIsAPhantom() {
    // Given
    accepted(1, "msg_1", 0);
    arrivesEverywhere("msg_1", 1, 1);

    // When
    arrivesEverywhere("msg_2", 1, 5);

    // Then
    assertThat(checker.verdict().phantoms()).hasSize(2);
  }

  @Test
  void oneIdForTwoUpdatesIsAPhantom() {
    // Given
    accepted(1, "msg_1", 0);
    accepted(2, "msg_1", 5);

    // When
    arrivesEverywhere("msg_1", 1, 6);

    // Then
    assertThat(checker.verdict().phantoms()).isNotEmpty();
  }

  @Test
  void firstArrivalsOutOfOrderAreFound() {
    // Given
    accepted(1, "msg_1", 0);
    accepted(2, "msg_2", 5);

    // When
    arrives("/s/1", "msg_2", 2, 204, 6);
    arrives("/s/1", "msg_1", 1, 204, 7);
    arrives("/s/2", "msg_1", 1, 204, 7);
    arrives("/s/2", "msg_2", 2, 204, 8);

    // Then
    assertThat(checker.verdict().reordered()).containsExactly("/s/1: msg_1 first came after msg_2");
  }

  @Test
  void aRepeatOfAnOlderUpdateIsNoReordering() {
    // Given
    accepted(1, "msg_1", 0);
    accepted(2, "msg_2", 5);
    checker.crashed(new Crash(8, 9, (subscription, update, at) -> false));

    // When
    arrivesEverywhere("msg_1", 1, 6);
    arrivesEverywhere("msg_2", 2, 7);
    arrives("/s/1", "msg_1", 1, 204, 10);

    // Then
    assertThat(checker.verdict().clean()).isTrue();
  }

  @Test
  void idsThatDoNotFollowTheOrderOfAcceptanceAreFound() {
    // Given
    accepted(1, "msg_2", 0);
    accepted(2, "msg_1", 5);

    // When
    arrivesEverywhere("msg_1", 2, 8);
    arrivesEverywhere("msg_2", 1, 9);

    // Then
    assertThat(checker.verdict().reordered()).hasSize(1);
  }

  @Test
  void aRepeatWithoutACrashIsExcess() {
    // Given
    accepted(1, "msg_1", 0);
    arrivesEverywhere("msg_1", 1, 1);

    // When
    arrives("/s/1", "msg_1", 1, 204, 9);

    // Then
    assertThat(checker.verdict().excessDuplicates()).containsExactly("/s/1 got msg_1 again");
  }

  @Test
  void aCrashExcusesOneRepeatOfWhatItHadNotWrittenDown() {
    // Given
    accepted(1, "msg_1", 0);
    arrivesEverywhere("msg_1", 1, 1);
    checker.crashed(new Crash(2, 3, (subscription, update, at) -> subscription.equals("/s/2")));

    // When
    arrives("/s/1", "msg_1", 1, 204, 9);
    arrives("/s/1", "msg_1", 1, 204, 10);
    arrives("/s/2", "msg_1", 1, 204, 9);

    // Then
    assertThat(checker.verdict().excessDuplicates())
        .containsExactlyInAnyOrder("/s/1 got msg_1 again", "/s/2 got msg_1 again");
    assertThat(checker.verdict().counts().duplicates()).isEqualTo(3);
  }

  @Test
  void aCrashBeforeTheDeliveryExcusesNothing() {
    // Given
    checker.crashed(new Crash(0, 1, (subscription, update, at) -> false));
    accepted(1, "msg_1", 2);
    arrivesEverywhere("msg_1", 1, 5);

    // When
    arrives("/s/1", "msg_1", 1, 204, 9);

    // Then
    assertThat(checker.verdict().excessDuplicates()).hasSize(1);
  }

  @Test
  void aBadSignatureIsFound() {
    // Given
    accepted(1, "msg_1", 0);
    arrivesEverywhere("msg_1", 1, 1);
    checker.crashed(new Crash(2, 3, (subscription, update, at) -> false));

    // When
    checker.arrived(new Arrival("/s/1", "msg_1", 1, false, 204, 5, 5));

    // Then
    assertThat(checker.verdict().forged()).containsExactly("/s/1 got msg_1");
  }

  private void accepted(long body, String id, long at) {
    checker.sent("r", body, at);
    checker.acknowledged(body, id, at + 1);
  }

  private void arrivesEverywhere(String id, long body, long at) {
    arrives("/s/1", id, body, 204, at);
    arrives("/s/2", id, body, 204, at);
  }

  private void arrives(String subscription, String id, long body, int status, long at) {
    checker.arrived(new Arrival(subscription, id, body, true, status, at, at));
  }
}
