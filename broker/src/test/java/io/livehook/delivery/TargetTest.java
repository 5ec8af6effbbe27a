package io.livehook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules U1 to U4 of reliability.md §5.1, as far as the callback's text tells. */
class TargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a.example",
        "HTTPS://A.example/",
        "http://a.example:1/",
        "http://a.example:65535/",
        "http://a.example?x=1",
        "http://a-b.c1.example./p;a=b/@x/%2F?u=http://u@h/&q=a:b?c",
        "http://127.0.0.1/",
        "http://[::1]:8080/",
        "http://[2001:db8::1]/",
        "http://xn--pple-43d.com/",
      })
  void anAbsoluteUrlOfAHostIsATarget(String url) {
    assertThat(Target.faults(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|is empty",
        "/hook|is relative",
        "//a.example/|is relative",
        "a.example/hook|is relative",
        "/hook?u=http://b@a.example/|is relative",
        "mailto:a@b.example|has the scheme 'mailto'",
        "ftp://a.example/|has the scheme 'ftp'",
        "javascript:alert(1)|has the scheme 'javascript'",
        "file:///etc/passwd|has the scheme 'file'",
        "http:a.example|has no host",
        "http:///x|has no host",
        "http://:80/|has no host",
        "http://u:p@a.example/|holds user information",
        "http://@a.example/|holds user information",
        "http://a.example@127.0.0.1/|holds user information",
        "http://a.example/#x|has a fragment",
        "http://a.example/#|has a fragment",
        "http://a.example:0/|has a port",
        "http://a.example:00443/|has a port",
        "http://a.example:65536/|has a port",
        "http://a.example:/|has a port",
        "http://a.example:-1/|has a port",
        "http://a.example:+80/|has a port",
        "http://a.example:٤٤٣/|has a port",
        "http://a b.example/|holds characters",
        "http://a.example/\u0000x|holds characters",
        "http://a.example/é|holds characters",
        "http://①②⑦.⓪.⓪.①/|holds characters",
        "http://127.1/|has no valid host",
        "http://0/|has no valid host",
        "http://00/|has no valid host",
        "http://0x0/|has no valid host",
        "http://0xa9fea9fe/|has no valid host",
        "http://a.example.7/|has no valid host",
        "http://127.000.000.001/|has no valid host",
        "http://0377.0377.0377.0377/|has no valid host",
        "http://127.0.0.1.a.0x1/|has no valid host",
        "http://0x7f.0.0.1/|has no valid host",
        "http://2852039166/|has no valid host",
        "http://127.0.0.1./|has no valid host",
        "http://127.0.0.256/|has no valid host",
        "http://a..example/|has no valid host",
        "http://-a.example/|has no valid host",
        "http://a_b.example/|has no valid host",
        "http://%31%32%37.0.0.1/|has no valid host",
        "http://127.0.0.1%00.a.example/|has no valid host",
        "http://[fe80::1%25eth0]/|has no valid host",
        "http://[a.example]/|has no valid host",
        "http://a.example\\@b.example/|holds user information",
        "http://a.example/%zz|is not a URL",
        "http://a.example/a^c|is not a URL",
      })
  void anythingElseIsNotAndSaysWhy(String url, String fault) {
    assertThat(Target.faults(url)).anyMatch(each -> each.startsWith(fault));
    assertThatThrownBy(() -> Target.parse(url)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFaultIsListed() {
    // Given
    String url = "ftp://u@127.1:0/" + " ".repeat(8_192) + "#x";

    // Then
    assertThat(Target.faults(url))
        .extracting(each -> each.split(" ")[0] + " " + each.split(" ")[1])
        .containsExactly(
            "is longer", "holds characters", "has the", "holds user", "has no", "has a", "has a");
  }

  @Test
  void theLongestIs8192Characters() {
    String longest = "http://a.example/" + "x".repeat(8_192 - 17);
    assertThat(Target.faults(longest)).isEmpty();
    assertThat(Target.faults(longest + "x")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "http://A.Example/x,http://a.example:80",
    "https://a.example:8443,https://a.example:8443",
    "https://[::1]/,https://[::1]:443",
  })
  void theOriginIsTheUnitOfLimits(String url, String origin) {
    assertThat(Target.parse(url).origin()).isEqualTo(origin);
  }
}
