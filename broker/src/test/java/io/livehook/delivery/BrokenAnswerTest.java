package io.livehook.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.lane.FailureReason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RCV-7 to RCV-13 of reliability.md §5.2: answers that break the rules, over raw sockets. */
class BrokenAnswerTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final Outbound outbound = new Outbound();

  @AfterEach
  void close() {
    outbound.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "\u0000\u0001\u0002\u0003 \u0004 \u0005\r\n\r\n",
      })
  void rcv7AHeadThatCannotBeReadIsAProtocolError(String answer) throws Exception {
    try (RawReceiver receiver = RawReceiver.answeringOnce(answer)) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
      assertThat(result.status()).isZero();
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FFFFFFFFFFFFFFFFF", "-1", "zz", "long extension", "long trailer"})
  void rcv7ABrokenBodyKeepsTheStatusAndLosesTheConnection(String chunk) throws Exception {
    String body =
        switch (chunk) {
          case "long extension" -> "1;" + "e".repeat(1 << 20);
          case "long trailer" -> "0\r\nX-Trailer: " + "t".repeat(1 << 20);
          default -> chunk + "\r\nx\r\n";
        };
    try (RawReceiver receiver =
        RawReceiver.answeringOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.status()).isEqualTo(200);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @Test
  void rcv8ASecondAnswerIsNotCreditedToTheNextAttempt() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write(
                  peer.number == 1 ? OK + OK : "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n");
              peer.awaitClose();
            })) {
      // When
      AttemptResult first = outbound.post(receiver.url());
      AttemptResult second = outbound.post(receiver.url());

      // Then
      assertThat(first.status()).isEqualTo(200);
      assertThat(second.status()).isEqualTo(500);
      assertThat(receiver.connections()).isEqualTo(2);
    }
  }

  @Test
  void rcv8ASecondAnswerIsNotCreditedToAnAttemptThatWaitsForTheConnection() throws Exception {
    try (Outbound narrow = new Outbound(new Guard(GuardPolicy.DEV), 1, Outbound.DEADLINE);
        RawReceiver receiver =
            new RawReceiver(
                peer -> {
                  peer.readRequest();
                  peer.write(
                      peer.number == 1 ? OK + OK : "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n");
                  peer.awaitClose();
                })) {
      // When
      Outbound.Sent first = narrow.start(receiver.url(), Outbound.request("1"));
      Outbound.Sent second = narrow.start(receiver.url(), Outbound.request("2"));

      // Then
      assertThat(first.await().status()).isEqualTo(200);
      assertThat(second.await()).extracting(AttemptResult::status).isEqualTo(500);
    }
  }

  @Test
  void rcv8AnAnswerThatNobodyAskedForClosesTheConnection() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write(OK);
              peer.trickle(OK, 20);
            })) {
      // When
      AttemptResult first = outbound.post(receiver.url());

      // Then
      assertThat(first.status()).isEqualTo(200);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n" + OK,
      })
  void rcv9ASwitchOfProtocolIsAFailureAndClosed(String answer) throws Exception {
    try (RawReceiver receiver = RawReceiver.answeringOnce(answer)) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200,true", "201,true", "204,true", "226,true", "299,true", "300,false", "301,false",
    "302,false", "304,false", "307,false", "308,false", "400,false", "401,false", "404,false",
    "410,false", "429,false", "499,false", "500,false", "502,false", "503,false", "599,false"
  })
  void rcv10OnlyTwoHundredsAreDelivered(int status, boolean delivered) throws Exception {
    String location = "Location: http://127.0.0.1:1/\r\nRefresh: 0; url=http://127.0.0.1:1/\r\n";
    String length = status == 204 || status == 304 ? "" : "Content-Length: 0\r\n";
    try (RawReceiver receiver =
        RawReceiver.answering("HTTP/1.1 " + status + " x\r\n" + location + length + "\r\n")) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.status()).isEqualTo(status);
      assertThat(result.delivered()).isEqualTo(delivered);
      assertThat(result.reason()).isEqualTo(delivered ? null : FailureReason.HTTP_STATUS);
      assertThat(receiver.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "099", "600", "999", "2000"})
  void rcv10AnImpossibleStatusIsAProtocolError(String status) throws Exception {
    try (RawReceiver receiver =
        RawReceiver.answeringOnce("HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n")) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
      assertThat(receiver.closedWithin(500)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fin", "reset"})
  void rcv12AConnectionLostBeforeAStatusIsLostAndNotRepeated(String how) throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              if (how.equals("reset")) {
                peer.reset();
              }
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.CONNECTION_LOST);
      assertThat(receiver.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "partial body"})
  void rcv12AResetAfterTheHeadIsDeliveredOnce(String partial) throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + partial);
              peer.closedAfter(100);
              peer.reset();
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.delivered()).isTrue();
      assertThat(receiver.requests).hasSize(1);
    }
  }

  @Test
  void rcv12AnAnswerUpToTheEndOfAHalfClosedConnectionIsRead() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver(
            peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 500 x\r\n\r\nuntil the end");
              peer.socket.shutdownOutput();
              peer.awaitClose();
            })) {
      // When
      AttemptResult result = outbound.post(receiver.url());

      // Then
      assertThat(result.status()).isEqualTo(500);
      assertThat(result.answer()).asString().isEqualTo("until the end");
      assertThat(receiver.closed.await(1, SECONDS)).isTrue();
    }
  }

  @Test
  void rcv13PlainTextWhereTlsIsSpokenIsATlsError() throws Exception {
    try (Outbound patient = new Outbound(new Guard(GuardPolicy.DEV), 4, Duration.ofSeconds(8));
        RawReceiver receiver =
            new RawReceiver(
                peer -> {
                  peer.write(OK);
                  peer.awaitClose();
                })) {
      // When
      AttemptResult result = patient.post("https://127.0.0.1:" + receiver.port() + "/");

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.TLS_ERROR);
    }
  }
}
