package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.lane.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RCV-1 to RCV-6 and RCV-16 of reliability.md §5.2: slow and endless answers, over raw sockets. */
class HostileReceiverTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final long DEADLINE_AND_ONE_SECOND = Outbound.DEADLINE.toMillis() + 1_000;

  private final Outbound outbound = new Outbound();

  @AfterEach
  void close() {
    outbound.close();
  }

  @Test
  void rcv1AReceiverThatNeverAnswersIsClosedAtTheDeadline() throws Exception {
    try (RawReceiver receiver = RawReceiver.answeringOnce("")) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.DEADLINE);
      assertThat(receiver.closedWithin(1_000)).isTrue();
    }
  }

  @Test
  void rcv2AReceiverThatNeverCompletesTcpIsAConnectTimeout() throws Exception {
    // Given
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(full, waiting);

      // When
      AttemptResult result = outbound.post("http://127.0.0.1:" + full.getLocalPort() + "/");

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.CONNECT_TIMEOUT);
    } finally {
      for (Socket each : waiting) {
        each.close();
      }
    }
  }

  @Test
  void rcv16TwoHundredsThatComeEverLaterCountUpToTheDeadlineAndHoldUpNobodyElse() throws Exception {
    // Given: each answer 100 ms later than the one before, the last beyond the deadline
    long step = 100;
    int many = (int) (Outbound.DEADLINE.toMillis() / step) + 6;
    try (RawReceiver slow =
            new RawReceiver(
                peer -> {
                  if (peer.readRequest() && !peer.closedAfter((int) (peer.number * step))) {
                    peer.write(OK);
                  }
                });
        RawReceiver honest = RawReceiver.answering(OK);
        Outbound wide = new Outbound(new Guard(GuardPolicy.DEV), many, Outbound.DEADLINE)) {
      List<Outbound.Sent> sent = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        sent.add(wide.start(slow.url(), Outbound.request("x")));
      }

      // When
      long begin = System.nanoTime();
      AttemptResult beside = wide.post(honest.url());
      long took = (System.nanoTime() - begin) / 1_000_000;
      List<AttemptResult> results = sent.stream().map(Outbound.Sent::await).toList();

      // Then
      assertThat(beside.delivered()).isTrue();
      assertThat(took).isLessThan(step * 5);
      assertThat(results.stream().filter(AttemptResult::delivered).count()).isPositive();
      assertThat(results)
          .allMatch(each -> each.delivered() || each.reason() == FailureReason.DEADLINE)
          .anyMatch(each -> each.reason() == FailureReason.DEADLINE);
    }
  }

  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    for (int i = 0; i < 16; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()), 200);
      } catch (SocketTimeoutException filled) {
        return;
      }
    }
  }

  @Test
  void rcv3HeadersThatTrickleEndAtTheDeadline() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\nX-Slow: ");
              peer.trickle("a", 50);
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.DEADLINE);
      assertThat(receiver.closedWithin(1_000)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"200,", "500,HTTP_STATUS"})
  void rcv4ABodyThatTricklesKeepsItsStatus(int status, FailureReason reason) throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 " + status + " x\r\nContent-Length: 100000\r\n\r\n");
              peer.trickle("b", 50);
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.status()).isEqualTo(status);
      assertThat(result.reason()).isEqualTo(reason);
      assertThat(receiver.closedWithin(DEADLINE_AND_ONE_SECOND)).isTrue();
    }
  }

  @Test
  void rcv4AnEndlessBodyIsClosedAtTheCap() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n");
              byte[] chunk = ("1000\r\n" + "c".repeat(0x1000) + "\r\n").getBytes(ISO_8859_1);
              while (true) {
                peer.write(chunk);
              }
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.status()).isEqualTo(500);
      assertThat(result.answer()).hasSize(16_384);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one long header", "many headers", "long status line"})
  void rcv5AHeadBeyondItsLimitIsRefused(String how) throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              switch (how) {
                case "one long header" -> peer.write("HTTP/1.1 200 OK\r\nX-Long: ");
                case "many headers" -> peer.write("HTTP/1.1 200 OK\r\n");
                default -> peer.write("HTTP/1.1 200 ");
              }
              String more =
                  how.equals("many headers") ? "X-Many: 1\r\n".repeat(100) : "a".repeat(1024);
              for (int i = 0; i < 64 * 1024; i++) {
                peer.write(more);
              }
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 199})
  void rcv6InterimAnswersAreSkipped(int status) throws Exception {
    String interim = "HTTP/1.1 " + status + " Wait\r\nLink: </x>; rel=preload\r\n\r\n";
    try (RawReceiver receiver = RawReceiver.answering(interim + interim + OK)) {
      // When
      AttemptResult first = outbound.post(receiver.url());
      AttemptResult second = outbound.post(receiver.url());

      // Then
      assertThat(first.status()).isEqualTo(200);
      assertThat(second.status()).isEqualTo(200);
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103})
  void rcv6EndlessInterimAnswersAreRefused(int status) throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              while (true) {
                peer.write("HTTP/1.1 " + status + " Wait\r\n\r\n");
              }
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @Test
  void rcv6InterimAnswersThatTrickleEndAtTheDeadline() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.trickle("HTTP/1.1 100 Continue\r\n\r\n", 100);
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.DEADLINE);
      assertThat(receiver.closedWithin(1_000)).isTrue();
    }
  }
}
