package io.livehook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.livehook.delivery.ScriptedDns.Reply;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.lane.FailureReason;
import io.vertx.core.net.ProxyOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The outbound client's TLS and way out: reliability.md §3.4 to §3.7, RCV-1 and RCV-13. */
class TlsTest {
  private static final Guard GUARD = new Guard(GuardPolicy.DEV);
  @TempDir static Path folder;
  private static TestAuthority authority;
  private static ScriptedDns dns;

  @BeforeAll
  static void issue() throws Exception {
    authority = new TestAuthority(folder);
    dns = ScriptedDns.ofA(number -> Reply.of(30, "127.0.0.1"));
  }

  @AfterAll
  static void close() {
    dns.close();
  }

  private static Outbound outbound(Tls tls, @Nullable ProxyOptions proxy) {
    return new Outbound(
        GUARD,
        dns.provider(),
        new OutboundOptions(
            Duration.ofSeconds(4),
            Duration.ofSeconds(2),
            65_536,
            4,
            100,
            new OutboundOptions.Route(tls, proxy)));
  }

  private static Tls trusting() throws Exception {
    return Tls.load(Optional.of(authority.certificate()), Optional.empty());
  }

  private static String url(int port) {
    return "https://hook.hooks.io:" + port + "/in";
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aChainOfTheOperatorsAuthorityIsTrustedAndTheNameIsAskedFor(String protocol)
      throws Exception {
    try (TlsReceiver receiver = new TlsReceiver(authority.server("good", 0), false, protocol);
        Outbound outbound = outbound(trusting(), null)) {
      // When
      AttemptResult first = outbound.post(url(receiver.port()));
      AttemptResult named = outbound.post("https://HOOK.hooks.io.:" + receiver.port() + "/in");

      // Then
      assertThat(first.delivered()).as(String.valueOf(first)).isTrue();
      assertThat(named.delivered()).isTrue();
      assertThat(receiver.sessions).containsOnly(protocol + " hook.hooks.io");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "alone"})
  void withoutTheOperatorsAuthorityItIsATlsError(String certificate) throws Exception {
    try (TlsReceiver receiver = new TlsReceiver(authority.server(certificate, 0), false);
        Outbound outbound = outbound(Tls.ofTheSystem(), null)) {
      // When
      AttemptResult result = outbound.post(url(receiver.port()));

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.TLS_ERROR);
      assertThat(receiver.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "expired", "weak", "sha1", "alone", "client"})
  void aBadCertificateIsATlsErrorAndNothingIsSent(String certificate) throws Exception {
    try (TlsReceiver receiver = new TlsReceiver(authority.server(certificate, 0), false);
        Outbound outbound = outbound(trusting(), null)) {
      // When
      AttemptResult result = outbound.post(url(receiver.port()));

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.TLS_ERROR);
      assertThat(receiver.requests).isEmpty();
    }
  }

  @Test
  void anAddressIsNotTheNameOfACertificate() throws Exception {
    try (TlsReceiver receiver = new TlsReceiver(authority.server("good", 0), false);
        Outbound outbound = outbound(trusting(), null)) {
      // When
      AttemptResult result = outbound.post("https://127.0.0.1:" + receiver.port() + "/");

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.TLS_ERROR);
    }
  }

  @Test
  void rcv13AChainOfTwoHundredIsATlsError() throws Exception {
    try (TlsReceiver receiver = new TlsReceiver(authority.server("good", 200), false);
        Outbound outbound = outbound(trusting(), null)) {
      // When
      AttemptResult result = outbound.post(url(receiver.port()));

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.TLS_ERROR);
    }
  }

  @Test
  void rcv1AHandshakeThatIsNeverAnsweredEndsInItsOwnTime() throws Exception {
    try (RawReceiver silent = new RawReceiver(RawReceiver.Peer::awaitClose);
        Outbound outbound = outbound(trusting(), null)) {
      // When
      long begin = System.nanoTime();
      AttemptResult result = outbound.post("https://127.0.0.1:" + silent.port() + "/");

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.TLS_ERROR);
      assertThat(System.nanoTime() - begin).isBetween(1_500_000_000L, 3_500_000_000L);
      assertThat(silent.closedWithin(500)).isTrue();
    }
  }

  @Test
  void aClientCertificateIsShownToWhoeverAsks() throws Exception {
    try (TlsReceiver receiver = new TlsReceiver(authority.server("good", 0), true);
        Outbound nobody = outbound(trusting(), null);
        Outbound known =
            outbound(
                Tls.load(Optional.of(authority.certificate()), Optional.of(authority.client())),
                null)) {
      // When
      AttemptResult refused = nobody.post(url(receiver.port()));
      AttemptResult result = known.post(url(receiver.port()));

      // Then
      assertThat(refused.delivered()).isFalse();
      assertThat(result.delivered()).as(String.valueOf(result)).isTrue();
      assertThat(receiver.sessions).contains("TLSv1.3 hook.hooks.io certificate");
    }
  }

  @Test
  void aFileThatIsNoCertificateStopsTheStart() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    assertThatThrownBy(() -> Tls.load(Optional.of(empty), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
  }

  // --- proxies ---

  /** A CONNECT proxy that notes where it was told to go. */
  private static RawReceiver proxy(List<String> told) throws IOException {
    return new RawReceiver(
        peer -> {
          StringBuilder head = new StringBuilder();
          while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) peer.socket.getInputStream().read());
          }
          told.add(head.substring(0, head.indexOf("\r\n")));
          String[] words = told.getLast().split("[ :]");
          if (words[0].equals("POST")) {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return;
          }
          try (Socket beyond = new Socket("127.0.0.1", Integer.parseInt(words[2]))) {
            peer.write("HTTP/1.1 200 Connected\r\n\r\n");
            Thread back = Thread.ofVirtual().start(() -> pump(beyond, peer.socket));
            pump(peer.socket, beyond);
            back.interrupt();
          }
        });
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException closed) {
      assert from.isClosed() || to.isClosed() || closed.getMessage() != null;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void anEgressProxyIsToldTheJudgedAddress(String scheme) throws Exception {
    // Given
    List<String> told = new CopyOnWriteArrayList<>();
    boolean tls = scheme.equals("https");
    try (RawReceiver proxy = proxy(told);
        TlsReceiver secure = new TlsReceiver(authority.server("good", 0), false);
        RawReceiver plain = RawReceiver.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Outbound outbound =
            outbound(trusting(), new ProxyOptions().setHost("127.0.0.1").setPort(proxy.port()))) {
      int port = tls ? secure.port() : plain.port();

      // When
      AttemptResult result = outbound.post(scheme + "://hook.hooks.io:" + port + "/in");
      AttemptResult forbidden = outbound.post(scheme + "://10.0.0.1:" + port + "/in");

      // Then
      assertThat(result.delivered()).as(result + " " + told).isTrue();
      assertThat(told)
          .containsExactly(
              tls
                  ? "CONNECT 127.0.0.1:" + port + " HTTP/1.1"
                  : "POST http://127.0.0.1:" + port + "/in HTTP/1.1");
      assertThat(forbidden.reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https, 403 Forbidden, PROXY_ERROR",
    "https, 407 Proxy Authentication Required, PROXY_ERROR",
    "https, 503 Service Unavailable, PROXY_ERROR",
    "https, 502 Bad Gateway, CONNECT_REFUSED",
    "https, 504 Gateway Timeout, CONNECT_TIMEOUT",
    "http, 407 Proxy Authentication Required, PROXY_ERROR",
    "http, 403 Forbidden, HTTP_STATUS",
  })
  void whatTheProxyRefusesIsOursAndWhatItCannotReachIsTheCallbacks(
      String scheme, String status, FailureReason reason) throws Exception {
    try (RawReceiver proxy =
            RawReceiver.answeringOnce("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
        Outbound outbound =
            outbound(trusting(), new ProxyOptions().setHost("127.0.0.1").setPort(proxy.port()))) {
      // When
      AttemptResult result = outbound.post(scheme + "://hook.hooks.io:4443/in");

      // Then
      assertThat(result.reason()).isEqualTo(reason);
    }
  }

  @Test
  void aProxyThatIsNotThereIsAProxyError() throws Exception {
    // Given
    int port;
    try (RawReceiver gone = RawReceiver.answering("")) {
      port = gone.port();
    }

    // When, Then
    try (Outbound outbound =
        outbound(trusting(), new ProxyOptions().setHost("127.0.0.1").setPort(port))) {
      for (String scheme : List.of("http", "https")) {
        assertThat(outbound.post(scheme + "://hook.hooks.io:4443/in").reason())
            .isEqualTo(FailureReason.PROXY_ERROR);
      }
    }
  }

  @Test
  void u12ProxiesOfTheSystemAreIgnored() throws Exception {
    // Given
    List<String> told = new CopyOnWriteArrayList<>();
    try (RawReceiver proxy = proxy(told);
        RawReceiver receiver =
            RawReceiver.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      for (String kind : List.of("http.proxy", "https.proxy", "socksProxy")) {
        System.setProperty(kind + "Host", "127.0.0.1");
        System.setProperty(kind + "Port", Integer.toString(proxy.port()));
      }

      // When
      try (Outbound outbound = outbound(trusting(), null)) {
        assertThat(outbound.post("http://hook.hooks.io:" + receiver.port() + "/").delivered())
            .isTrue();
      } finally {
        for (String kind : List.of("http.proxy", "https.proxy", "socksProxy")) {
          System.clearProperty(kind + "Host");
          System.clearProperty(kind + "Port");
        }
      }

      // Then
      assertThat(told).isEmpty();
      assertThat(proxy.connections()).isZero();
    }
  }
}
