package io.livehook.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.lane.FailureReason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes out, what is kept, and when a connection is used again. */
class OutboundHttpTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final Outbound outbound = new Outbound();

  @AfterEach
  void close() {
    outbound.close();
  }

  @Test
  void aRequestIsExactlyWhatTheExchangeGave() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK)) {
      // Given
      String path = "/a%2Fb/../c;p=1?x=%20&y=/@:!$'()*,~";
      OutboundRequest request = Outbound.request("grüße", "webhook-id", "msg_1", "X-Two", "b c");

      // When
      AttemptResult result =
          outbound.start("http://127.0.0.1:" + receiver.port() + path, request).await();

      // Then
      assertThat(result.delivered()).isTrue();
      assertThat(receiver.requests.get(0).split("\r\n"))
          .containsExactlyInAnyOrder(
              "POST " + path + " HTTP/1.1",
              "host: 127.0.0.1:" + receiver.port(),
              "webhook-id: msg_1",
              "X-Two: b c",
              "content-length: 7",
              "",
              new String(
                  "grüße".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  java.nio.charset.StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void anEmptyBodyHasALengthToo() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK)) {
      // When
      AttemptResult result = outbound.start(receiver.url(), Outbound.request("")).await();

      // Then
      assertThat(result.delivered()).isTrue();
      assertThat(receiver.requests.get(0)).contains("content-length: 0\r\n");
    }
  }

  @Test
  void anAnswerIsKeptRawUpToItsLimit() throws Exception {
    // Given
    String body = "\u001f\u008b\u0000\u00ff" + "y".repeat(30_000);
    try (RawReceiver receiver =
        RawReceiver.answering(
            "HTTP/1.1 500 x\r\nContent-Encoding: gzip\r\nContent-Length: 30004\r\n\r\n" + body)) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.answer())
          .isEqualTo(
              body.substring(0, 16_384).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void retryAfterIsHandedOnUnread() throws Exception {
    try (RawReceiver receiver =
        RawReceiver.answering("HTTP/1.1 503 x\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n")) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.retryAfter()).isEqualTo("soon");
    }
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK)) {
      // When
      AttemptResult first = outbound.post(receiver.url());
      AttemptResult second = outbound.post(receiver.url());

      // Then
      assertThat(first.delivered() && second.delivered()).isTrue();
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void nullFromReadySendsNothingAndGivesTheConnectionBack() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK)) {
      // Given
      Outbound.Sent unused = outbound.start(receiver.url(), null);
      Outbound.await(unused.asked);

      // When
      AttemptResult next = outbound.post(receiver.url());

      // Then
      assertThat(next.delivered()).isTrue();
      assertThat(unused.result).isNotDone();
      assertThat(receiver.requests).hasSize(1);
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void anAbortedAttemptIsResetAndToldNothingMore() throws Exception {
    // Given
    CountDownLatch arrived = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              if (peer.readRequest()) {
                arrived.countDown();
                peer.awaitClose();
              }
            })) {
      Outbound.Sent sent = outbound.start(receiver.url(), Outbound.request("x"));
      assertThat(arrived.await(5, SECONDS)).isTrue();

      // When
      outbound.abort(sent);

      // Then
      assertThat(receiver.resets.await(5, SECONDS)).isTrue();
      assertThat(sent.result).isNotDone();
    }
  }

  @Test
  void anAttemptAbortedBeforeItsConnectionSendsNothing() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK)) {
      // Given
      Outbound.Sent sent = new Outbound.Sent(Outbound.request("aborted"));
      outbound.startAndAbort(receiver.url(), sent);

      // When
      AttemptResult next = outbound.post(receiver.url());

      // Then
      assertThat(next.delivered()).isTrue();
      assertThat(receiver.requests).hasSize(1);
      assertThat(sent.asked).isNotDone();
      assertThat(sent.result).isNotDone();
    }
  }

  @Test
  void aClosedPortIsRefused() throws Exception {
    // Given
    ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    gone.close();

    // When
    AttemptResult result = outbound.post("http://127.0.0.1:" + gone.getLocalPort() + "/");

    // Then
    assertThat(result.reason()).isEqualTo(FailureReason.CONNECT_REFUSED);
  }

  @Test
  void aForbiddenAddressIsNeverConnectedTo() throws Exception {
    try (Outbound strict =
            new Outbound(new Guard(GuardPolicy.STRICT.withHttp()), 4, Outbound.DEADLINE);
        RawReceiver receiver = RawReceiver.answering(OK)) {
      // When
      AttemptResult literal = strict.post(receiver.url());
      AttemptResult mapped = strict.post("http://[::ffff:127.0.0.1]:" + receiver.port() + "/");
      AttemptResult named = strict.post("http://localhost:" + receiver.port() + "/");

      // Then
      assertThat(literal.reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
      assertThat(mapped.reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
      assertThat(named.reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void aNameInTheHostsFileIsPinnedAndKeepsItsHostHeader() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK)) {
      // When
      AttemptResult result = outbound.post("http://LocalHost:" + receiver.port() + "/");

      // Then
      assertThat(result.delivered()).isTrue();
      assertThat(receiver.requests.get(0)).contains("host: localhost:" + receiver.port() + "\r\n");
    }
  }

  @Test
  void theSameRequestGoesOnceMoreWhenAKeptConnectionWasClosedMeanwhile() throws Exception {
    // Given
    CompletableFuture<Void> second = new CompletableFuture<>();
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write(OK);
              if (peer.number == 1) {
                peer.readRequest(); // and closes before any byte of an answer
                second.complete(null);
              } else {
                peer.awaitClose();
              }
            })) {
      AttemptResult first = outbound.post(receiver.url());

      // When
      AttemptResult repeated =
          outbound.start(receiver.url(), Outbound.request("same", "webhook-id", "m")).await();

      // Then
      assertThat(first.delivered()).isTrue();
      assertThat(repeated.delivered()).isTrue();
      assertThat(second).isCompleted();
      assertThat(receiver.connections()).isEqualTo(2);
      assertThat(receiver.requests.get(2)).isEqualTo(receiver.requests.get(1));
    }
  }

  @Test
  void aResetOfAKeptConnectionCountsAsTheSameRace() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write(OK);
              if (peer.number == 1) {
                peer.readRequest();
                peer.reset();
              } else {
                peer.awaitClose();
              }
            })) {
      AttemptResult first = outbound.post(receiver.url());

      // When
      AttemptResult repeated = outbound.post(receiver.url());

      // Then
      assertThat(first.delivered()).isTrue();
      assertThat(repeated.delivered()).isTrue();
      assertThat(receiver.requests).hasSize(3);
    }
  }

  @Test
  void aRequestIsNotRepeatedOnceAByteOfItsAnswerCame() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write(OK);
              peer.readRequest();
              peer.write("HTTP/1.1 2");
            })) {
      AttemptResult first = outbound.post(receiver.url());

      // When
      AttemptResult lost = outbound.post(receiver.url());

      // Then
      assertThat(first.delivered()).isTrue();
      assertThat(lost.reason()).isEqualTo(FailureReason.CONNECTION_LOST);
      assertThat(receiver.requests).hasSize(2);
    }
  }

  @Test
  void aRequestIsRepeatedOnlyOnce() throws Exception {
    // Given
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              if (peer.number == 1) {
                peer.write(OK);
                peer.readRequest();
              }
            })) {
      AttemptResult first = outbound.post(receiver.url());

      // When
      AttemptResult lost = outbound.post(receiver.url());

      // Then
      assertThat(first.delivered()).isTrue();
      assertThat(lost.reason()).isEqualTo(FailureReason.CONNECTION_LOST);
      assertThat(receiver.requests).hasSize(3);
    }
  }
}
