package io.livehook.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A short run of {@code make fuzz}, always from the same seeds. */
class FuzzTest {
  private static final int INPUTS = 5_000;

  static Stream<String> parsers() {
    return Parsers.all().stream().map(Fuzzed::name);
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void onlyDeclaredErrorsAndWhatIsTakenIsTakenAgain(String name) {
    // Given
    Fuzzed parser =
        Parsers.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();

    // When
    int taken = Fuzz.run(parser, 1, INPUTS);

    // Then: the generator comes near enough, and goes wrong often enough
    assertThat(taken).as("reached at least once").isBetween(1, INPUTS);
  }

  @Test
  void aBrokenPromiseNamesItsSeed() {
    // Given
    Fuzzed broken =
        new Fuzzed() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public String generate(Random random) {
            return "x" + random.nextInt(10);
          }

          @Override
          public boolean check(String text) {
            return Integer.parseInt(text.substring(1)) / (text.equals("x7") ? 0 : 1) >= 0;
          }
        };

    // When, Then
    assertThatThrownBy(() -> Fuzz.run(broken, 5, 1_000))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("broken, seed 5, input")
        .hasMessageContaining("x7")
        .hasRootCauseInstanceOf(ArithmeticException.class);
  }
}
