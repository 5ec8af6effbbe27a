package io.livehook.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurableEndsTest {
  @Test
  void anIdIsThirteenDigitsOfCrockfordsBase32() {
    assertThat(DurableEnds.publicId(0)).isEqualTo("msg_0000000000000");
    assertThat(DurableEnds.publicId(31)).isEqualTo("msg_000000000000z");
    assertThat(DurableEnds.publicId(Long.MAX_VALUE)).isEqualTo("msg_7zzzzzzzzzzzz");
  }
}
