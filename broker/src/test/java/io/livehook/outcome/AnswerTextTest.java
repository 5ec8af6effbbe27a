package io.livehook.outcome;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RCV-15 of reliability.md §5.2: whatever a receiver answers, it is text that does nothing. */
class AnswerTextTest {
  private static String escape(String text) {
    return AnswerText.escape(text.getBytes(UTF_8), 1_024);
  }

  @Test
  void textStaysAsItIs() {
    String text = "{\"error\":\"Größe 名前 😀\"}\n\tline two <b>";
    assertThat(escape(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "00,\\x00",
    "1b5b33316d,\\x1b[31m",
    "0d0a,'\\x0d\n'",
    "7f,\\x7f",
    "c285,\\u{85}",
    "e280ae,\\u{202e}",
    "e2808b,\\u{200b}",
    "efbbbf,\\u{feff}",
    "ee8080,\\u{e000}",
    "5c,\\\\",
    "ff,\\xff",
    "c3,\\xc3",
    "c328,\\xc3(",
    "c080,\\xc0\\x80",
    "eda080,\\xed\\xa0\\x80",
    "f4908080,\\xf4\\x90\\x80\\x80",
    "e2ff,\\xe2\\xff",
  })
  void whatIsNotMeantToBeSeenIsEscaped(String hex, String text) {
    assertThat(AnswerText.escape(HexFormat.of().parseHex(hex), 100)).isEqualTo(text);
  }

  @Test
  void moreThanTheBoundIsCutAndSaysSo() {
    assertThat(AnswerText.escape("abcdef".getBytes(UTF_8), 3)).isEqualTo("abc… (cut)");
    assertThat(AnswerText.escape("abü".getBytes(UTF_8), 3)).isEqualTo("ab\\xc3… (cut)");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBytesNeverThrowAndAlwaysGiveCleanText(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      // Given
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (round % 2 == 0) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] |= (byte) (random.nextInt(4) == 0 ? 0 : 0xc0);
        }
      }

      // When
      String text = AnswerText.escape(bytes, random.nextInt(80));

      // Then
      assertThat(UTF_8.encode(text)).as("seed %s round %s", seed, round).isNotNull();
      assertThat(text.codePoints())
          .as("seed %s round %s", seed, round)
          .noneMatch(each -> Character.isISOControl(each) && each != '\n' && each != '\t')
          .noneMatch(each -> each >= 0xd800 && each <= 0xdfff);
    }
  }

  @Test
  void everyCodePointIsReadAsTheJdkReadsIt() {
    for (int each = 0x20; each <= Character.MAX_CODE_POINT; each++) {
      if (Character.isLetterOrDigit(each)) {
        String text = Character.toString(each);
        ByteBuffer bytes = UTF_8.encode(text);
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        assertThat(AnswerText.escape(array, 8)).isEqualTo(text);
      }
    }
  }
}
