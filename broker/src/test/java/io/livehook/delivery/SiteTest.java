package io.livehook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SUB-4: ever more subdomains are one party. */
class SiteTest {
  private static final Guard GUARD = new Guard(GuardPolicy.DEV.withLiterals());

  @ParameterizedTest
  @CsvSource({
    "https://a.b.hooks.io/,hooks.io",
    "https://hooks.io/,hooks.io",
    "https://HOOKS.io.:8443/,hooks.io",
    "https://x.y.co.uk/,y.co.uk",
    "https://me.github.io/,me.github.io",
    "https://x.me.github.io/,me.github.io",
    "https://co.uk/,co.uk",
    "http://localhost:1/,localhost",
    "https://xn--pple-43d.com/,xn--pple-43d.com",
    "http://127.0.0.1:9/,127.0.0.1",
    "https://[2606:4700:1:2:3::1]/,[2606470000010002]/64",
  })
  void aHostBelongsToItsRegistrableDomain(String url, String site) {
    assertThat(Site.of(((Guard.Passed) GUARD.check(url)).url())).isEqualTo(site);
  }
}
