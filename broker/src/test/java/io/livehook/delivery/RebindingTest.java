package io.livehook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.delivery.ScriptedDns.Reply;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardList;
import io.livehook.guard.GuardPolicy;
import io.livehook.lane.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SSRF-19 to SSRF-24 with a scripted DNS: a name that turns forbidden is connected to never, at
 * whichever answer it turns. 127.0.0.9 stands for what is forbidden, with a canary listening there.
 */
class RebindingTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final String GOOD = "127.0.0.1";
  private static final String BAD = "127.0.0.9";
  private static final Guard GUARD = new Guard(GuardPolicy.DEV.withDeny(GuardList.parse(BAD)));

  /** Counts connections at the forbidden address. */
  private static final class Canary implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final AtomicInteger seen = new AtomicInteger();

    Canary(int port) throws IOException {
      server.bind(new InetSocketAddress(InetAddress.getByName(BAD), port));
      Thread.ofVirtual().start(this::count);
    }

    private void count() {
      try {
        while (true) {
          Socket socket = server.accept();
          seen.incrementAndGet();
          socket.close();
        }
      } catch (IOException closed) {
        assert server.isClosed();
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static String url(RawReceiver receiver) {
    return "http://rebind.hooks.io:" + receiver.port() + "/in";
  }

  @Test
  void aNameIsConnectedToAtItsAddressUnderItsName() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK);
        ScriptedDns dns = ScriptedDns.ofA(number -> Reply.of(30, GOOD));
        Outbound outbound = new Outbound(GUARD, dns)) {
      // When
      AttemptResult first = outbound.post(url(receiver));
      AttemptResult second = outbound.post(url(receiver));

      // Then
      assertThat(first.delivered() && second.delivered()).isTrue();
      assertThat(receiver.requests.getFirst()).contains("host: rebind.hooks.io:");
      assertThat(dns.queries)
          .containsExactlyInAnyOrder("A rebind.hooks.io", "AAAA rebind.hooks.io");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "A,127.0.0.9",
    "A,127.0.0.1 127.0.0.9",
    "A,127.0.0.9 127.0.0.1",
    "A,10.0.0.1",
    "A,0.0.0.0",
    "A,169.254.169.254",
    "AAAA,::ffff:127.0.0.9",
    "AAAA,64:ff9b::7f00:1",
    "AAAA,64:ff9b::808:808",
    "AAAA,fd00:ec2::254",
    "AAAA,2002:7f00:1::",
  })
  void ssrf19To22OneBadAddressOfEitherKindFailsTheName(String type, String addresses)
      throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK);
        Canary canary = new Canary(receiver.port());
        ScriptedDns dns =
            new ScriptedDns(
                (query, number) ->
                    query.startsWith(type + " ")
                        ? new Reply(0, "inner.hooks.io", java.util.List.of(addresses.split(" ")))
                        : Reply.of(0, GOOD));
        Outbound outbound = new Outbound(GUARD, dns)) {
      // When
      AttemptResult result = outbound.post(url(receiver));

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
      assertThat(canary.seen).hasValue(0);
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void ssrf23AndU11ANameThatTurnsForbiddenIsNotSentToOnTheOldConnectionEither() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK);
        Canary canary = new Canary(receiver.port());
        ScriptedDns dns = ScriptedDns.ofA(number -> Reply.of(0, number == 0 ? GOOD : BAD));
        Outbound outbound = new Outbound(GUARD, dns)) {
      // When
      AttemptResult first = outbound.post(url(receiver));
      AttemptResult second = outbound.post(url(receiver));

      // Then
      assertThat(first.delivered()).isTrue();
      assertThat(second.reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
      assertThat(receiver.requests).hasSize(1);
      assertThat(canary.seen).hasValue(0);
    }
  }

  @Test
  void ssrf24TenThousandTriesAtEveryTurnOfTheAnswersReachNothingForbidden() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int tries = 10_000;
    int delivered = 0;
    try (RawReceiver receiver = RawReceiver.answering(OK);
        Canary canary = new Canary(receiver.port());
        ScriptedDns dns =
            ScriptedDns.ofA(
                number ->
                    switch (random.nextInt(4)) {
                      case 0 -> Reply.of(0, GOOD, BAD);
                      case 1 -> Reply.of(0, BAD);
                      default -> Reply.of(0, GOOD);
                    });
        Outbound outbound = new Outbound(GUARD, dns)) {
      // When
      for (int i = 0; i < tries; i++) {
        delivered += outbound.post(url(receiver)).delivered() ? 1 : 0;
      }

      // Then
      assertThat(canary.seen).as("seed " + seed).hasValue(0);
      assertThat(delivered).as("seed " + seed).isBetween(tries / 3, tries * 2 / 3);
      assertThat(dns.queries).as("one A and one AAAA per attempt").hasSize(2 * tries);
    }
  }

  @Test
  void theCanarySeesWhatTheGuardDoesNotForbid() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK);
        Canary canary = new Canary(receiver.port());
        ScriptedDns dns = ScriptedDns.ofA(number -> Reply.of(0, BAD));
        Outbound outbound = new Outbound(new Guard(GuardPolicy.DEV), dns)) {
      // When
      AttemptResult result = outbound.post(url(receiver));

      // Then
      assertThat(result.delivered()).isFalse();
      assertThat(canary.seen.get()).isPositive();
    }
  }

  @Test
  void u10ASilentDnsIsADnsErrorWithinTwoSeconds() throws Exception {
    try (ScriptedDns dns = new ScriptedDns((query, number) -> Reply.SILENCE);
        Outbound outbound =
            new Outbound(GUARD, dns.provider(), 4, java.time.Duration.ofSeconds(8))) {
      // When
      long begin = System.nanoTime();
      AttemptResult result = outbound.post("http://silent.hooks.io/");

      // Then
      assertThat(result.reason()).isEqualTo(FailureReason.DNS_ERROR);
      assertThat(System.nanoTime() - begin).isBetween(1_000_000_000L, 3_500_000_000L);
    }
  }

  @Test
  void u10ANameWithoutAddressesAndALoopOfAliasesAreDnsErrors() throws Exception {
    try (ScriptedDns dns =
            new ScriptedDns(
                (query, number) ->
                    query.contains("loop")
                        ? new Reply(
                            0,
                            query.contains("loop1") ? "loop2.io" : "loop1.io",
                            java.util.List.of())
                        : Reply.NONE);
        Outbound outbound =
            new Outbound(GUARD, dns.provider(), 4, java.time.Duration.ofSeconds(8))) {
      // When
      AttemptResult none = outbound.post("http://none.hooks.io/");
      AttemptResult loop = outbound.post("http://loop1.io/");

      // Then
      assertThat(none.reason()).isEqualTo(FailureReason.DNS_ERROR);
      assertThat(loop.reason()).isEqualTo(FailureReason.DNS_ERROR);
      assertThat(dns.queries).hasSizeLessThan(40);
    }
  }

  @Test
  void theNextJudgedAddressIsTriedWhereOneDoesNotAnswer() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK);
        ScriptedDns dns = ScriptedDns.ofA(number -> Reply.of(30, "127.0.0.3", GOOD));
        Outbound outbound = new Outbound(GUARD, dns)) {
      // When
      AttemptResult first = outbound.post(url(receiver));
      AttemptResult second = outbound.post(url(receiver));

      // Then
      assertThat(first.delivered() && second.delivered()).isTrue();
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void u13AUrlThatWasStoredUnderOtherRulesIsBlocked() throws Exception {
    try (RawReceiver receiver = RawReceiver.answering(OK);
        Outbound strict = new Outbound(new Guard(GuardPolicy.STRICT), 4, Outbound.DEADLINE)) {
      for (String stored :
          java.util.List.of(
              receiver.url(), "http://127.1:" + receiver.port() + "/", "no url at all")) {
        assertThat(strict.post(stored).reason()).isEqualTo(FailureReason.BLOCKED_ADDRESS);
      }
      assertThat(receiver.connections()).isZero();
    }
  }
}
