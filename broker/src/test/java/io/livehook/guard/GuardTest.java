package io.livehook.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.guard.SsrfCases.Case;
import io.livehook.guard.SsrfCases.Expected;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard's verdict on text: rules U1 to U9 of reliability.md §5.1. */
class GuardTest {
  private static final Guard WITH_HTTP = new Guard(GuardPolicy.STRICT.withHttp());

  static Stream<Case> catalogue() {
    return SsrfCases.all();
  }

  private static Expected verdict(Guard guard, String url) {
    return switch (guard.check(url)) {
      case Guard.Passed passed -> Expected.N;
      case Guard.Refused refused when refused.malformed() -> Expected.P;
      case Guard.Refused refused -> Expected.L;
    };
  }

  private static GuardedUrl passed(Guard guard, String url) {
    assertThat(guard.check(url)).as(url).isInstanceOf(Guard.Passed.class);
    return ((Guard.Passed) guard.check(url)).url();
  }

  private static List<String> messages(Guard guard, String url) {
    return guard.check(url) instanceof Guard.Refused refused
        ? refused.faults().stream().map(UrlFault::message).toList()
        : List.of();
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void theCatalogueHasItsVerdicts(Case each) {
    assertThat(verdict(WITH_HTTP, each.url())).isEqualTo(each.expected());
  }

  @Test
  void theCatalogueIsNotSmall() {
    assertThat(SsrfCases.all()).hasSizeGreaterThan(300);
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void whatIsNotHttpsIsForbiddenUnlessAskedFor(Case each) {
    Expected strict = verdict(new Guard(GuardPolicy.STRICT), each.url());
    boolean plain = each.url().startsWith("http:");
    assertThat(strict)
        .isEqualTo(plain && each.expected() == Expected.N ? Expected.L : each.expected());
  }

  @Test
  void ssrf10APublicLiteralPassesWhenLiteralsAreAllowed() {
    Guard guard = new Guard(GuardPolicy.STRICT.withLiterals());
    assertThat(verdict(guard, "https://8.8.8.8/")).isEqualTo(Expected.N);
    assertThat(verdict(guard, "https://[2606:4700:4700::1111]/")).isEqualTo(Expected.N);
    assertThat(verdict(guard, "https://10.0.0.1/")).isEqualTo(Expected.L);
    assertThat(verdict(guard, "https://[::ffff:8.8.8.8]/")).isEqualTo(Expected.L);
    assertThat(verdict(guard, "https://[64:ff9b::808:808]/")).isEqualTo(Expected.L);
  }

  @ParameterizedTest
  @CsvSource({
    "http://A.Example.IO,http://a.example.io/,http://a.example.io:80",
    "HTTPS://a.io.:443/P?q=%2F,https://a.io/P?q=%2F,https://a.io:443",
    "https://a.io?x=[1],https://a.io/?x=[1],https://a.io:443",
  })
  void whatPassesIsWrittenAnew(String given, String written, String origin) {
    GuardedUrl url = passed(WITH_HTTP, given);
    assertThat(url.toString()).isEqualTo(written);
    assertThat(url.origin()).isEqualTo(origin);
    assertThat(passed(WITH_HTTP, written)).isEqualTo(url);
  }

  @Test
  void everyFaultOfTheTextIsListed() {
    // Given
    String url = "ftp://u@127.1:00/" + " ".repeat(8_192) + "#x";

    // Then
    assertThat(messages(WITH_HTTP, url))
        .extracting(each -> each.split(" ")[0] + " " + each.split(" ")[1])
        .containsExactly(
            "is longer", "holds characters", "has the", "holds user", "has no", "has a", "has a");
  }

  @Test
  void everyRuleThatIsBrokenIsListedAndNoPlaceIsToldFromAnother() {
    Guard strict = new Guard(GuardPolicy.STRICT);
    List<String> metadata = messages(strict, "http://169.254.169.254:8080/");
    assertThat(metadata)
        .containsExactly(
            "is plain http; only https is connected to here",
            "has a port that is not allowed here",
            "points where nothing may be sent");
    assertThat(messages(strict, "http://kubernetes:8080/")).isEqualTo(metadata);
    assertThat(messages(strict, "http://[::1]:8080/")).isEqualTo(metadata);
  }

  @ParameterizedTest
  @CsvSource({
    "https://bücher.example.io/x,xn--bcher-kva.example.io",
    "https://ü.io:443/,xn--tda.io"
  })
  void u4AUnicodeNameIsToldItsAsciiForm(String url, String ascii) {
    assertThat(messages(WITH_HTTP, url))
        .anyMatch(each -> each.endsWith("write the host as " + ascii));
  }

  // --- dev ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.200.3.4:9/",
        "http://[::1]:8080/",
        "http://localhost:8080/",
        "https://a.localhost/",
        "http://hooks.livehook-receiver.com:1/",
      })
  void devRelaxesHttpPortsAndThisMachine(String url) {
    assertThat(verdict(new Guard(GuardPolicy.DEV), url)).isEqualTo(Expected.N);
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void devRelaxesNothingElse(Case each) {
    boolean relaxed =
        each.url().matches("https?://(127(\\.[0-9]+){3}|\\[::1]|(?i:(a\\.)?localhost\\.?))[:/].*")
            || each.url().matches("https://ok.com:[1-9][0-9]+/");
    Expected verdict = verdict(new Guard(GuardPolicy.DEV), each.url());
    if (each.expected() == Expected.L && relaxed) {
      assertThat(verdict).isEqualTo(Expected.N);
    } else {
      assertThat(verdict).isEqualTo(each.expected());
    }
  }

  // --- lists of the operator ---

  private static Guard allowing(String list) {
    return new Guard(GuardPolicy.STRICT.withAllow(GuardList.parse(list)));
  }

  private static boolean allows(Guard guard, String address) throws Exception {
    return guard.allows(InetAddress.getByName(address));
  }

  @Test
  void anAllowedPrefixIsOpenAndItsNeighbourIsNot() throws Exception {
    Guard guard = allowing("10.1.0.0/16, fd00:1::/32");
    assertThat(allows(guard, "10.1.255.255")).isTrue();
    assertThat(allows(guard, "10.2.0.0")).isFalse();
    assertThat(allows(guard, "fd00:1::7")).isTrue();
    assertThat(allows(guard, "fd00:2::")).isFalse();
    assertThat(verdict(guard, "https://10.1.0.1/")).isEqualTo(Expected.N);
  }

  @Test
  void anAllowedNameStillNeedsCleanAddresses() throws Exception {
    Guard guard = allowing("hooks.corp");
    assertThat(verdict(guard, "https://a.hooks.corp/")).isEqualTo(Expected.N);
    assertThat(verdict(guard, "https://xhooks.corp/")).isEqualTo(Expected.L);
    assertThat(allows(guard, "10.0.0.1")).isFalse();
  }

  @Test
  void aPrefixDoesNotOpenACloudsMetadataButItsOwnAddressDoes() throws Exception {
    assertThat(allows(allowing("169.254.0.0/16,fd00::/8,0.0.0.0/0"), "169.254.169.254")).isFalse();
    assertThat(allows(allowing("fd00::/8"), "fd00:ec2::254")).isFalse();
    assertThat(allows(allowing("169.254.169.254"), "169.254.169.254")).isTrue();
  }

  @Test
  void whatIsEmbeddedInAnAllowedAddressIsJudgedToo() throws Exception {
    Guard guard = allowing("64:ff9b::/96,2002::/16,2001::/32,::/96,64:ff9b:1::/48");
    assertThat(allows(guard, "64:ff9b::808:808")).isTrue();
    assertThat(allows(guard, "64:ff9b::a00:1")).isFalse();
    assertThat(allows(guard, "64:ff9b:1::a00:1")).isFalse();
    assertThat(allows(guard, "2002:808:808::1")).isTrue();
    assertThat(allows(guard, "2002:a9fe:a9fe::1")).isFalse();
    assertThat(allows(guard, "2001:0:808:808::f7f7:f7f7")).isTrue();
    assertThat(allows(guard, "2001:0:808:808::f5ff:fffe")).isFalse();
    assertThat(allows(guard, "2001:0:a00:1::f7f7:f7f7")).isFalse();
    assertThat(allows(guard, "::7f00:1")).isFalse();
  }

  @Test
  void denyOverrulesAllowAndEverythingPublic() throws Exception {
    Guard guard =
        new Guard(
            GuardPolicy.STRICT
                .withLiterals()
                .withAllow(GuardList.parse("10.0.0.0/8,:8443,good.corp"))
                .withDeny(GuardList.parse("10.1.0.0/16,8.8.8.8,evil.com,:8443,x.good.corp")));
    assertThat(allows(guard, "10.1.0.1")).isFalse();
    assertThat(allows(guard, "8.8.8.8")).isFalse();
    assertThat(allows(guard, "::ffff:8.8.8.8")).isFalse();
    assertThat(allows(guard, "8.8.4.4")).isTrue();
    assertThat(verdict(guard, "https://a.evil.com/")).isEqualTo(Expected.L);
    assertThat(verdict(guard, "https://notevil.com/")).isEqualTo(Expected.N);
    assertThat(verdict(guard, "https://ok.com:8443/")).isEqualTo(Expected.L);
    assertThat(verdict(guard, "https://x.good.corp/")).isEqualTo(Expected.L);
    assertThat(verdict(guard, "https://good.corp/")).isEqualTo(Expected.N);
  }

  @Test
  void aListOpensPorts() {
    assertThat(verdict(allowing(":8443"), "https://ok.com:8443/")).isEqualTo(Expected.N);
    assertThat(verdict(allowing(":8443"), "https://ok.com:8444/")).isEqualTo(Expected.L);
    assertThat(verdict(allowing(":*"), "https://ok.com:1/")).isEqualTo(Expected.N);
    assertThat(verdict(allowing(":*"), "https://ok.com:0/")).isEqualTo(Expected.L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1/8", "10.0.0.0/33", "a b", ":99999", "127.1", "x,,y", "http://x"})
  void aListThatCannotBeReadSaysHow(String list) {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> GuardList.parse(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 10.1.0.0/16");
  }

  @Test
  void u7OurOwnNamesAndAddressesAreNotConnectedTo() throws Exception {
    Set<IpAddress> own = Set.of(IpAddress.of(InetAddress.getByName("8.8.8.8")));
    Guard guard = new Guard(GuardPolicy.STRICT.withOwn(own, Set.of("hooks.livehook.io")));
    assertThat(allows(guard, "8.8.8.8")).isFalse();
    assertThat(verdict(guard, "https://HOOKS.livehook.io./x")).isEqualTo(Expected.L);
    assertThat(verdict(guard, "https://a.livehook.io/x")).isEqualTo(Expected.N);
    assertThat(GuardPolicy.addressesOfThisMachine())
        .contains(IpAddress.of(InetAddress.getByName("127.0.0.1")));
  }
}
