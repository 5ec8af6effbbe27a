package io.livehook.it.load;

import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.http.Pump;
import io.livehook.it.http.Server;
import io.livehook.it.process.BrokerProcess;
import io.livehook.it.receiver.Sink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The tools against each other: what the pump sends is what the server sees. */
class LoadToolsTest {
  private static final BrokerProcess.Keys KEYS =
      new BrokerProcess.Keys("t", "lh_o", "lh_c", "lh_op");

  @Test
  void everyAcknowledgedUpdateArrivedOnceWithItsOwnBody() {
    // Given
    Set<String> bodies = ConcurrentHashMap.newKeySet();
    try (Server server =
        new Server(
            "origin-side",
            0,
            request -> {
              bodies.add(request.header("authorization") + request.target() + request.text());
              request.answer(201, "Livehook-Update: msg_1\r\n", "{}");
            })) {
      Publishers publishers = publishers(server.port(), Pace.closedLoop(), Ledger.none());

      // When
      try (Pump pump = publishers.start("publishers", server.port())) {
        eventually(
            "2,000 updates", Duration.ofSeconds(20), () -> publishers.acknowledged() >= 2_000);
        publishers.pause();
        eventually(
            "none is open",
            Duration.ofSeconds(5),
            () -> bodies.size() == publishers.acknowledged());
      }

      // Then
      assertThat(bodies)
          .allMatch(
              seen -> seen.startsWith("Bearer lh_o/t/resources/https%3A%2F%2Forigin.example"));
    }
  }

  @Test
  void aFixedRateIsKept() {
    // Given
    try (Sink sink = new Sink(0, false)) {
      long begin = System.nanoTime();
      Pace pace = Pace.rate(500);

      // When
      long taken = 0;
      while (System.nanoTime() - begin < Duration.ofMillis(400).toNanos()) {
        taken += pace.take(System.nanoTime()) ? 1 : 0;
      }

      // Then
      assertThat(taken).isBetween(195L, 205L);
      assertThat(sink.arrivals()).isZero();
    }
  }

  @Test
  void aHungUpConnectionIsInDoubtAndOnlyRepeatingPublishersSendItAgain() {
    // Given
    Set<String> hungUp = new HashSet<>();
    Set<String> keys = ConcurrentHashMap.newKeySet();
    try (Server server =
        new Server(
            "flaky",
            0,
            request -> {
              String body = request.text();
              if (hungUp.add(body)) {
                request.hangUp();
                return;
              }
              keys.add(String.valueOf(request.header("idempotency-key")));
              request.answer(200, "", "{}");
            })) {
      Target target = new Target(server.port(), KEYS);
      Publishers publishers = new Publishers(target, 10, 4, true, Pace.rate(200), Ledger.none());

      // When
      try (Pump pump = publishers.start("publishers", server.port())) {
        eventually(
            "repeats are answered", Duration.ofSeconds(10), () -> publishers.acknowledged() >= 20);
      }

      // Then
      assertThat(keys).hasSizeGreaterThanOrEqualTo(20).allMatch(key -> key.matches("n\\d+"));
    }
  }

  @Test
  void anAnswerInChunksIsReadAsOneBody() {
    // Given
    StringBuilder seen = new StringBuilder();
    try (Server server =
            new Server(
                "chunked",
                0,
                request ->
                    request.raw(
                        "HTTP/1.1 200 OK\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "3\r\n"
                            + "abc\r\n"
                            + "2\r\n"
                            + "de\r\n"
                            + "0\r\n\r\n"));
        Pump pump =
            new Pump(
                "reader",
                server.port(),
                1,
                new Pump.Work() {
                  private boolean asked;

                  @Override
                  public boolean next(int connection, ByteBuffer out) {
                    boolean first = !asked;
                    asked = true;
                    out.put("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                    return first;
                  }

                  @Override
                  public void answered(int connection, Pump.Answer answer) {
                    synchronized (seen) {
                      seen.append(answer.text());
                    }
                  }

                  @Override
                  public void broken(int connection) {}
                })) {
      // Then
      eventually(
          "the body is read",
          Duration.ofSeconds(5),
          () -> {
            synchronized (seen) {
              return seen.toString().equals("abcde");
            }
          });
    }
  }

  @Test
  void theSinkReadsTheNumberInABody() {
    // Given
    Sink sink = new Sink(0, true);
    Set<Long> sent = ConcurrentHashMap.newKeySet();
    Set<Long> seen = new HashSet<>();
    Ledger ledger =
        new Ledger() {
          @Override
          public void sent(int resource, long number, long now) {
            sent.add(number);
          }

          @Override
          public void acknowledged(int resource, long number, Pump.Answer answer) {}
        };

    // When: an origin's PUT goes straight to the sink
    Publishers publishers = publishers(sink.port(), Pace.rate(1_000), ledger);
    try (Pump pump = publishers.start("publishers", sink.port())) {
      eventually("fifty came", Duration.ofSeconds(5), () -> sink.arrivals() >= 50);
    }
    sink.close();
    sink.forEach((number, at) -> seen.add(number));

    // Then
    assertThat(sent).containsAll(seen);
    assertThat(seen).hasSizeGreaterThanOrEqualTo(50);
  }

  @Test
  void bodiesAreOneKibibyteAndDiffer() {
    assertThat(new String(Bodies.of(0x1234_5678_9abcL), US_ASCII))
        .hasSize(Bodies.SIZE)
        .startsWith("{\"n\":\"0000123456789abc\"")
        .endsWith("\"}");
    assertThat(Bodies.hash(Bodies.of(1))).isNotEqualTo(Bodies.hash(Bodies.of(2)));
  }

  private static Publishers publishers(int port, Pace pace, Ledger ledger) {
    return new Publishers(new Target(port, KEYS), 100, 16, false, pace, ledger);
  }
}
