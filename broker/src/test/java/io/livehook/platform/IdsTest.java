package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @CsvSource({
    "00000000-0000-0000-0000-000000000000, 00000000000000000000000000",
    "00000000-0000-0000-0000-00000000000a, 0000000000000000000000000a",
    "00000000-0000-0000-0000-000000000010, 0000000000000000000000000g",
    "ffffffff-ffff-ffff-ffff-ffffffffffff, 7zzzzzzzzzzzzzzzzzzzzzzzzz",
    "01890a5d-ac96-774b-bcce-b302099a8057, 01h455vb4pex5vsknk084sn02q",
  })
  void aPublicIdIsWrittenAsTypeIdWritesIt(UUID id, String expected) {
    // When
    String text = Ids.text(Ids.Kind.SUBSCRIPTION, id);

    // Then
    assertThat(text).isEqualTo("sub_" + expected);
    assertThat(Ids.parse(Ids.Kind.SUBSCRIPTION, text)).contains(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sub_",
        "res_01h455vb4pex5vsknk084sn02q",
        "sub_01H455VB4PEX5VSKNK084SN02Q",
        "sub_8zzzzzzzzzzzzzzzzzzzzzzzzz",
        "sub_01h455vb4pex5vsknk084sn02",
        "sub_01h455vb4pex5vsknk084sn02qq",
        "sub_01h455vb4pex5vsknk084sn0iq",
        "sub_01h455vb4pex5vsknk084sn0\u00e9q",
      })
  void anythingElseIsNoId(String text) {
    assertThat(Ids.parse(Ids.Kind.SUBSCRIPTION, text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0000000000000", "31, 000000000000z", "9223372036854775807, 7zzzzzzzzzzzz"})
  void anUpdateIsNamedByItsNumber(long id, String expected) {
    assertThat(Ids.message(id)).isEqualTo("msg_" + expected);
    assertThat(Ids.parseMessage("msg_" + expected)).hasValue(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "msg_",
        "msg_8000000000000",
        "msg_000000000000",
        "msg_000000000000O",
        "dlv_0000000000000"
      })
  void anythingElseIsNoUpdate(String text) {
    assertThat(Ids.parseMessage(text)).isEmpty();
  }

  @Test
  void updateIdsSortLikeTheirNumbers() {
    // Given
    Random random = new Random(7);

    for (int i = 0; i < 10_000; i++) {
      // When
      long one = random.nextLong() >>> 1;
      long other = random.nextLong() >>> 1;

      // Then
      assertThat(Integer.signum(Ids.message(one).compareTo(Ids.message(other))))
          .isEqualTo(Long.compare(one, other));
      assertThat(Ids.parseMessage(Ids.message(one))).hasValue(one);
    }
  }

  @Test
  void newIdsGrow() {
    // Given
    Ids ids = Ids.ofThisHost();

    // When
    String first = Ids.text(Ids.Kind.KEY, ids.next());
    String second = Ids.text(Ids.Kind.KEY, ids.next());

    // Then
    assertThat(first).isLessThan(second);
  }
}
