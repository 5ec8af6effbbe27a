package io.livehook.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIME = "1614265330";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void theExampleOfTheSpecificationFits() {
    assertThat(Signature.fits(SECRET, ID, TIME, BODY, GOOD)).isTrue();
    assertThat(Signature.fits(SECRET, ID, TIME, BODY, "v1,AAAA v2,BBBB " + GOOD)).isTrue();
  }

  @Test
  void whateverIsChangedNoLongerFits() {
    assertThat(Signature.fits(SECRET, ID + "x", TIME, BODY, GOOD)).isFalse();
    assertThat(Signature.fits(SECRET, ID, "1614265331", BODY, GOOD)).isFalse();
    assertThat(Signature.fits(SECRET, ID, TIME, "{}".getBytes(UTF_8), GOOD)).isFalse();
    assertThat(Signature.fits("whsec_AAAA", ID, TIME, BODY, GOOD)).isFalse();
    assertThat(Signature.fits(SECRET, ID, TIME, BODY, "")).isFalse();
    assertThat(Signature.fits(SECRET, ID, TIME, BODY, "v1,%%%")).isFalse();
  }
}
