package io.livehook.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.fuzz.Fuzzed;
import io.livehook.fuzz.Parser;
import io.livehook.fuzz.Texts;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;

/** Forms, percent-encoding, heads of requests. */
public final class HttpFuzz {
  private static final Texts FORMS =
      new Texts(
          List.of("callback_uri=", "http%3A%2F%2Fh%2Fa", "&", "=", "a", "max_in_flight=1", "order"),
          List.of(
              "callback_uri=https%3A%2F%2Fok.example%2Fin%3Fa%3Db&order=strict", "a=1&b=2&a=3"));
  private static final Texts HEADS =
      new Texts(
          List.of(
              "GET ",
              "/",
              " HTTP/1.1",
              " HTTP/2.0",
              "\r\n",
              "\n",
              "Host: b",
              "a: b",
              ":",
              " ",
              "Transfer-Encoding: chunked",
              "Content-Length: 1",
              "Content-Length: -1",
              "\r\n\r\n"),
          List.of(
              "GET / HTTP/1.1\r\nHost: b\r\n\r\n",
              "POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 1\r\n\r\nx",
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));

  private HttpFuzz() {}

  public static List<Fuzzed> all() {
    return List.of(
        new Parser("form", FORMS, HttpFuzz::form),
        new Parser("percent", FORMS, HttpFuzz::percent),
        new Parser("head", HEADS, HttpFuzz::head));
  }

  /** Names and values that were read are read again from their own writing. */
  private static boolean form(String text) {
    Fields read = Fields.parse("", text);
    for (Fault fault : read.faults(read.names())) {
      assertThat(fault.code()).isIn("malformed", "repeated");
    }
    StringJoiner written = new StringJoiner("&");
    for (String name : read.names()) {
      String value = String.valueOf(read.get(name));
      written.add(Percent.encode(name) + "=" + Percent.encode(value));
    }
    Fields again = Fields.parse("", written.toString());
    assertThat(again.names()).containsExactlyElementsOf(read.names());
    for (String name : read.names()) {
      assertThat(again.get(name)).isEqualTo(read.get(name));
    }
    return read.faults(read.names()).isEmpty();
  }

  private static boolean percent(String text) {
    String decoded = Percent.decode(text);
    if (decoded == null) {
      return false;
    }
    String encoded = Percent.encode(decoded);
    assertThat(encoded).matches("[A-Za-z0-9._~:%-]*");
    assertThat(Percent.decode(encoded)).isEqualTo(decoded);
    assertThat(Percent.ascii(decoded)).matches("\\p{ASCII}*");
    return true;
  }

  /** Bytes that make a request make one whose head we can judge. */
  private static boolean head(String text) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(4_096, 8_192, 8_192));
    boolean taken = false;
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    for (Object each; (each = channel.readInbound()) != null; ReferenceCountUtil.release(each)) {
      if (each instanceof HttpRequest request && request.decoderResult().isSuccess()) {
        Problem fault = Heads.fault(request, 20);
        assertThat(fault == null || fault.kind().status() >= 400).isTrue();
        taken |= fault == null;
      }
    }
    boolean left = channel.finishAndReleaseAll();
    assertThat(left || !channel.isOpen()).isTrue();
    return taken;
  }
}
