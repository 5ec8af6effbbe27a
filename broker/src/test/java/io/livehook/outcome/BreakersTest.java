package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakersTest {
  private static final String CALLBACK = "https://a.example/in";

  private final Breakers breakers = new Breakers(5);

  private int openings(String callback, int failures) {
    int openings = 0;
    for (int i = 0; i < failures; i++) {
      openings += breakers.failed(callback, 1) ? 1 : 0;
    }
    return openings;
  }

  @Test
  void fewerThanFiveFailuresDoNotOpenIt() {
    assertThat(openings(CALLBACK, 4)).isZero();
  }

  @Test
  void theFifthFailureOpensItAndIsToldOnce() {
    assertThat(openings(CALLBACK, 20)).isEqualTo(1);
  }

  @Test
  void callbacksHaveABreakerEach() {
    // When
    int first = openings(CALLBACK, 4);
    int other = openings("https://b.example/in", 4);

    // Then
    assertThat(first + other).isZero();
  }

  @Test
  void moreDeliveriesThanFailuresKeepItClosed() {
    int openings = 0;
    for (int i = 0; i < 100; i++) {
      breakers.succeeded(CALLBACK, 1);
      breakers.succeeded(CALLBACK, 1);
      openings += breakers.failed(CALLBACK, 1) ? 1 : 0;
    }
    assertThat(openings).isZero();
  }

  @Test
  void aDeliveryClosesItAndItCountsAnew() {
    // Given
    assertThat(openings(CALLBACK, 5)).isEqualTo(1);

    // When
    breakers.succeeded(CALLBACK, 1);

    // Then
    assertThat(openings(CALLBACK, 4)).isZero();
    assertThat(openings(CALLBACK, 1)).isEqualTo(1);
  }
}
