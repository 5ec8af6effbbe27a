package io.livehook.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** SSRF-33 for those fetches that follow: every hop goes through the whole guard. */
class RedirectsTest {
  private final Guard guard = new Guard(GuardPolicy.STRICT.withHttp());

  private Redirects from(String url) {
    return new Redirects(guard, ((Guard.Passed) guard.check(url)).url());
  }

  @ParameterizedTest
  @CsvSource({
    "https://b.io/y,https://b.io/y,false",
    "//b.io/y,https://b.io/y,false",
    "/y?z,https://a.io/y?z,true",
    "y,https://a.io/d/y,true",
    "?q=1#f,https://a.io/d/?q=1,true",
    "https://a.io:443/,https://a.io/,true",
  })
  void aLocationIsResolvedAndPasses(String location, String to, boolean sameOrigin) {
    // Given
    Redirects redirects = from("https://a.io/d/x");

    // When
    Guard.Verdict verdict = redirects.follow(location);

    // Then
    assertThat(verdict).isInstanceOf(Guard.Passed.class);
    assertThat(((Guard.Passed) verdict).url()).hasToString(to);
    assertThat(redirects.sameOrigin()).isEqualTo(sameOrigin);
  }

  static java.util.stream.Stream<SsrfCases.Case> forbidden() {
    return SsrfCases.all().filter(each -> each.expected() == SsrfCases.Expected.L);
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void ssrf33NoForbiddenPlaceIsFollowedTo(SsrfCases.Case each) {
    assertThat(from("http://a.io/").follow(each.url())).isInstanceOf(Guard.Refused.class);
  }

  @Test
  void httpsIsNotLeftForHttp() {
    assertThat(from("https://a.io/").follow("http://a.io/")).isInstanceOf(Guard.Refused.class);
    assertThat(from("http://a.io/").follow("https://a.io/")).isInstanceOf(Guard.Passed.class);
  }

  @Test
  void theFourthRedirectIsNotFollowed() {
    // Given
    Redirects redirects = from("https://a.io/");

    // Then
    for (int i = 0; i < 3; i++) {
      assertThat(redirects.follow("/" + i)).isInstanceOf(Guard.Passed.class);
    }
    assertThat(redirects.follow("/3")).isInstanceOf(Guard.Refused.class);
  }
}
