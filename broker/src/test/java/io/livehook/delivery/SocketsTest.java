package io.livehook.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The number of connections of a loop is bounded whatever the number of hosts (I10). */
class SocketsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final OutboundOptions THREE =
      new OutboundOptions(
          Duration.ofSeconds(2), Duration.ofSeconds(1), 65_536, 4, 3, OutboundOptions.Route.DIRECT);

  private static String url(int host, int port) {
    return "http://127.0.1." + host + ":" + port + "/";
  }

  @Test
  void theOldestIdleConnectionMakesRoomForANewOne() throws Exception {
    // Given
    List<Integer> ended = new ArrayList<>();
    CountDownLatch four = new CountDownLatch(4);
    try (RawReceiver receiver =
            new RawReceiver(
                "0.0.0.0",
                peer -> {
                  while (peer.readRequest()) {
                    peer.write(OK);
                  }
                  synchronized (ended) {
                    ended.add(peer.number);
                  }
                  four.countDown();
                });
        Outbound outbound = new Outbound(new Guard(GuardPolicy.DEV), null, THREE)) {
      // When
      for (int host = 1; host <= 7; host++) {
        assertThat(outbound.post(url(host, receiver.port())).delivered()).isTrue();
      }

      // Then
      assertThat(four.await(5, SECONDS)).isTrue();
      synchronized (ended) {
        assertThat(ended).containsExactlyInAnyOrder(1, 2, 3, 4);
      }
      assertThat(outbound.post(url(7, receiver.port())).delivered()).isTrue();
      assertThat(receiver.connections()).isEqualTo(7);
    }
  }

  @Test
  void aConnectionThatCarriesAnAttemptIsNotClosed() throws Exception {
    // Given
    CountDownLatch answer = new CountDownLatch(1);
    try (RawReceiver receiver =
            new RawReceiver(
                "0.0.0.0",
                peer -> {
                  peer.readRequest();
                  try {
                    answer.await();
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                  peer.write(OK);
                  peer.awaitClose();
                });
        Outbound outbound = new Outbound(new Guard(GuardPolicy.DEV), null, THREE)) {
      List<Outbound.Sent> all = new ArrayList<>();
      for (int host = 1; host <= 6; host++) {
        all.add(outbound.start(url(host, receiver.port()), Outbound.request("x")));
      }

      // When
      answer.countDown();

      // Then
      assertThat(all).allMatch(each -> each.await().delivered());
    }
  }
}
