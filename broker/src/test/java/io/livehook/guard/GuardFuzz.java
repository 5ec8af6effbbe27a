package io.livehook.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.livehook.fuzz.Fuzzed;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * GEN-1: URLs from a grammar of tricks, and mutations of the catalogue. Whatever passes must mean
 * the same to everyone: no parser, however lenient, may read another host out of it, or an address
 * that is forbidden.
 */
public final class GuardFuzz implements Fuzzed {
  private static final List<String> SEEDS =
      SsrfCases.all().map(SsrfCases.Case::url).filter(url -> url.length() < 200).toList();
  private static final List<String> PIECES =
      List.of(
          "http",
          "https",
          "HTTP",
          "://",
          ":",
          "/",
          "//",
          "@",
          "?",
          "#",
          "\\",
          "[",
          "]",
          "%",
          "%25",
          "%2e",
          "%00",
          ".",
          "..",
          "0",
          "00",
          "1",
          "127",
          "10",
          "0x",
          "0x7f",
          "0X7F",
          "0177",
          "169",
          "254",
          "2852039166",
          "65535",
          "ffff",
          "::",
          "::1",
          "64:ff9b::",
          "2002:7f00:1::",
          "fe80::",
          "localhost",
          "ok",
          "com",
          "internal",
          "xn--",
          "-",
          "_",
          "*",
          "①",
          "。",
          "．",
          "\u00ad",
          "\u200b",
          "\t",
          " ",
          "\r\n",
          "\0",
          "443",
          "80",
          ":443",
          ":80",
          "e",
          "a",
          "8.8.8.8");

  private final Guard guard = new Guard(GuardPolicy.STRICT.withHttp().withLiterals());

  public static List<Fuzzed> all() {
    return List.of(new GuardFuzz());
  }

  @Override
  public String name() {
    return "url";
  }

  @Override
  public String generate(Random random) {
    return random.nextInt(3) == 0 ? composed(random) : mutated(random);
  }

  @Override
  public boolean check(String url) throws Exception {
    if (guard.check(url) instanceof Guard.Passed(GuardedUrl out)) {
      agree(url, url, out);
      return true;
    }
    return false;
  }

  private static String composed(Random random) {
    StringBuilder url = new StringBuilder(random.nextInt(4) == 0 ? "" : "https://");
    for (int i = random.nextInt(8); i >= 0; i--) {
      url.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return url.toString();
  }

  private static String mutated(Random random) {
    StringBuilder url = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(url.length() + 1);
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(3)) {
        case 0 -> url.insert(at, piece);
        case 1 -> url.delete(at, Math.min(url.length(), at + 1 + random.nextInt(3)));
        default -> url.replace(at, Math.min(url.length(), at + piece.length()), piece);
      }
    }
    return url.toString();
  }

  private void agree(String what, String given, GuardedUrl out) throws Exception {
    String written = out.toString();
    assertThat(guard.check(written)).as(what).isEqualTo(new Guard.Passed(out));
    for (String text : List.of(given, written)) {
      assertThat(hostOfTheJdk(text)).as(what).isEqualTo(out.host());
    }
    assertThat(out.host().chars()).as(what).allMatch(each -> each > ' ' && each < 0x7f);
    InetAddress lenient = addressForTheLenient(out.host());
    if (out.literal() == null) {
      assertThat(InetAddresses.isUriInetAddress(out.host())).as(what).isFalse();
      assertThat(lenient).as(what).isNull();
      assertThat(NetUtil.createByteArrayFromIpAddressString(out.host())).as(what).isNull();
    } else {
      InetAddress netty =
          InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(out.host()));
      assertThat(guard.allows(netty)).as(what).isTrue();
      assertThat(guard.allows(InetAddress.getByName(out.host()))).as(what).isTrue();
      assertThat(lenient == null || guard.allows(lenient)).as(what).isTrue();
    }
  }

  private static String hostOfTheJdk(String url) throws URISyntaxException {
    String host = String.valueOf(new URI(url).getHost()).toLowerCase(Locale.ROOT);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }

  /** As C's inet_aton reads it: one to four numbers, each decimal, octal or hexadecimal. */
  private static @Nullable InetAddress addressForTheLenient(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length > 4) {
      return null;
    }
    long bits = 0;
    try {
      for (int i = 0; i < parts.length; i++) {
        long value = Long.decode(parts[i].replaceFirst("^0[xX]$", "0"));
        boolean last = i == parts.length - 1;
        if (value < 0 || value >= 1L << (last ? 8 * (5 - parts.length) : 8)) {
          return null;
        }
        bits = last ? bits << 8 * (5 - parts.length) | value : bits << 8 | value;
      }
      return IpAddress.v4(bits).toInetAddress();
    } catch (NumberFormatException aName) {
      return null;
    }
  }
}
