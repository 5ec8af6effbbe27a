package io.livehook.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The literals of reliability.md §5.1 with their case ids and verdicts: P malformed, L forbidden, N
 * a name that is judged by its addresses. Every test of a way in takes them from here.
 */
public final class SsrfCases {
  /** What must come of it before any DNS. */
  public enum Expected {
    P,
    L,
    N
  }

  /** One URL of the catalogue. */
  public record Case(String id, Expected expected, String url) {
    @Override
    public String toString() {
      return id + " " + expected + " " + url;
    }
  }

  private final List<Case> cases = new ArrayList<>();

  private SsrfCases() {}

  public static Stream<Case> all() {
    SsrfCases all = new SsrfCases();
    all.addresses();
    all.spellings();
    all.ipv6();
    all.names();
    all.characters();
    all.parts();
    return all.cases.stream();
  }

  private void urls(int id, Expected expected, String... urls) {
    for (String url : urls) {
      cases.add(new Case("SSRF-" + id, expected, url));
    }
  }

  private void hosts(int id, Expected expected, String... hosts) {
    for (String host : hosts) {
      urls(id, expected, "https://" + host + "/", "http://" + host + ":80/x?y=z");
    }
  }

  private void addresses() {
    urls(1, Expected.L, "http://127.0.0.1/", "https://127.255.255.254/");
    hosts(1, Expected.L, "0.0.0.0", "0.1.2.3", "127.0.0.1");
    hosts(2, Expected.L, "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1");
    hosts(3, Expected.L, "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.0.1");
    hosts(4, Expected.L, "168.63.129.16", "100.100.100.200");
    hosts(5, Expected.L, "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1");
    hosts(6, Expected.L, "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255");
    hosts(10, Expected.L, "8.8.8.8", "[2606:4700:4700::1111]", "172.15.255.255", "172.32.0.0");
  }

  private void spellings() {
    hosts(7, Expected.P, "127.1", "127.0.1", "127.000.000.001", "127.0.0.01", "0", "00", "0x0");
    hosts(7, Expected.P, "1.2.3.4.5", "127.0.0.256", "127.0.0.-1", "127.0.0.+1", "127.0.0.1e0");
    hosts(8, Expected.P, "4294967295", "0xffffffff", "2852039166", "0xa9fea9fe", "017700000001");
    hosts(8, Expected.P, "0377.0377.0377.0377", "0xBaaaaaaaaaaaaaaaaffffffff", "0x7f.0.0.1");
    hosts(8, Expected.P, "a.0x7f", "a.example.7", "0X7F000001", "127.0.0.0x1", "127.0x000001");
    hosts(9, Expected.P, "127.0.0.1.", "127.0.0.1..", "example.com..", ".example.com", "a..b");
    hosts(25, Expected.P, "①②⑦.⓪.⓪.①", "¹²⁷.⁰.⁰.¹", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "１２７.０.０.１", "127。0。0。1");
    hosts(25, Expected.P, "١٢٧.٠.٠.١", "127．0．0．1", "१२७.०.०.१");
  }

  private void ipv6() {
    hosts(11, Expected.L, "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]");
    hosts(11, Expected.L, "[0:0:0:0:0:ffff:10.0.0.2]", "[::FFFF:7F00:1]", "[::ffff:8.8.8.8]");
    hosts(12, Expected.L, "[::127.0.0.1]", "[::7f00:1]", "[::8.8.8.8]");
    hosts(13, Expected.L, "[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]");
    hosts(13, Expected.L, "[64:ff9b::808:808]", "[64:ff9b:1::a00:1]");
    hosts(14, Expected.L, "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:20::1]", "[2001:2::1]");
    hosts(14, Expected.L, "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2606:4700::5efe:a00:1]");
    hosts(
        15, Expected.L, "[fe80::1]", "[ff02::1]", "[::1]", "[::]", "[fc00::1]", "[fd00:ec2::254]");
    hosts(
        15, Expected.P, "[fe80::1%25eth0]", "[::1%25lo]", "[::1%1]", "[::1%251]", "[fe80::1%eth0]");
    hosts(15, Expected.P, "[v1.::1]", "[::1", "::1", "[1.2.3.4]", "[example.com]", "[]", "[:::1]");
    hosts(
        15, Expected.P, "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[::1::]", "[12345::]", "[::g]");
    hosts(15, Expected.P, "[::127.1]", "[::1.2.3.04]", "[1::2:3:4:5:6:7:8]", "[::1]x", "x[::1]");
    hosts(16, Expected.L, "[2001:db8::1]", "[3fff::1]", "[100::1]", "[100:0:0:1::1]", "[5f00::1]");
    hosts(16, Expected.L, "[2620:4f:8000::1]", "[4000::1]", "[fec0::1]");
  }

  private void names() {
    hosts(17, Expected.L, "localhost", "LOCALHOST", "localhost.", "a.localhost", "LocalHost.");
    hosts(17, Expected.L, "localhost.localdomain");
    hosts(18, Expected.L, "db", "metadata", "kubernetes", "db.");
    hosts(18, Expected.L, "metadata.google.internal", "kubernetes.default.svc", "a.cluster.local");
    hosts(18, Expected.L, "x.local", "x.onion", "x.home.arpa", "x.corp", "x.lan", "x.test");
    hosts(18, Expected.L, "1.0.0.127.in-addr.arpa", "x.intranet", "x.private", "x.home", "x.svc");
    hosts(27, Expected.N, "xn--pple-43d.com", "hooks.livehook-receiver.com", "A-1.b2.co.uk.");
    hosts(32, Expected.P, "x".repeat(64) + ".com", ("x".repeat(49) + ".").repeat(5) + "long.com");
    hosts(32, Expected.P, "-a.com", "a-.com", "a_b.com", "a.com-", "*.a.com");
  }

  private void characters() {
    hosts(26, Expected.P, "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "local\u00adhost", "local\u200bhost", "local\u202ehost");
    hosts(29, Expected.P, "%31%32%37.0.0.1", "127.0.0.1%2eexample.com", "127.0.0.1%00.ok.com");
    hosts(29, Expected.P, "localhos%74", "%6cocalhost", "127%2e0%2e0%2e1", "ok.com%2f@10.0.0.1");
    for (String mark : List.of("\r", "\n", "\t", " ", "\0", "\u007f", "\u0085", "\u2028")) {
      urls(30, Expected.P, mark + "https://ok.com/", "https://ok.com/" + mark);
      urls(30, Expected.P, "https://o" + mark + "k.com/", "https://ok.com/a" + mark + "b");
      urls(30, Expected.P, "https:" + mark + "//ok.com/", "https://ok.com" + mark + ":443/");
    }
    urls(30, Expected.P, "https://ok.com\\@10.0.0.1/", "https:\\\\ok.com\\", "https://ok.com\\.x/");
    urls(30, Expected.P, "https://ok.com/\\x", "https://ok.com/%zz", "https://ok.com/%4");
  }

  private void parts() {
    urls(28, Expected.P, "https://u:p@ok.com/", "https://ok.com@127.0.0.1/", "https://:@ok.com/");
    urls(28, Expected.P, "https://@ok.com/", "https://a@b@ok.com/", "https://ok.com:x@10.0.0.1/");
    urls(28, Expected.N, "https://ok.com/@127.0.0.1/", "https://ok.com/?u=http://a@127.0.0.1/");
    urls(31, Expected.P, "https://ok.com:65536/", "https://ok.com:-1/", "https://ok.com:00443/");
    urls(31, Expected.P, "https://ok.com:٤٤٣/", "https://ok.com:/", "https://ok.com:+443/");
    urls(31, Expected.P, "https://ok.com:0x1bb/", "https://ok.com:443:443/", "https://ok.com:4 4/");
    urls(31, Expected.L, "https://ok.com:0/", "https://ok.com:22/", "https://ok.com:25/");
    urls(31, Expected.L, "https://ok.com:5432/", "https://ok.com:6379/", "https://ok.com:8443/");
    urls(32, Expected.P, "https://ok.com/" + "x".repeat(8_193 - 15));
    urls(32, Expected.N, "https://ok.com/" + "x".repeat(8_192 - 15));
    urls(32, Expected.N, "https://ok.com/?" + "a=b&".repeat(2_000));
    for (String scheme :
        List.of("ftp", "file", "gopher", "javascript", "data", "jar", "dict", "ws")) {
      urls(2, Expected.P, scheme + "://ok.com/", scheme + ":ok.com");
    }
    urls(
        2, Expected.P, "//ok.com/", "/x", "ok.com", "https:/ok.com/", "https:ok.com", "://ok.com/");
    urls(2, Expected.P, "https:///x", "https://:443/", "https://?x", "", "https://", "https");
    urls(3, Expected.P, "https://ok.com/#x", "https://ok.com#@10.0.0.1/", "https://ok.com/#");
  }
}
