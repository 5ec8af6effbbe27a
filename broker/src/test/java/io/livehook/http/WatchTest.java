package io.livehook.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.api.HttpApi;
import io.livehook.platform.Settings;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ADM-15, ORG-8: what comes slowly, never, too often, or is no request; raw sockets, real times.
 */
class WatchTest {
  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final Settings.Inbound LIMITS =
      new Settings.Inbound(8, 4, LIMIT, LIMIT, Duration.ofMillis(800), 4_096, 8_192, 20);
  private static final String GET = "GET /a HTTP/1.1\r\nHost: b\r\n\r\n";
  private static final String POST = "POST /a HTTP/1.1\r\nHost: b\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Peers peers = new Peers(LIMITS.connections(), LIMITS.connectionsPerPeer());
  private final List<Socket> sockets = new ArrayList<>();
  private volatile Consumer<HttpServerRequest> handler =
      request -> request.end().onSuccess(read -> request.response().end("fine"));
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    Promise<HttpServer> listening = Promise.promise();
    vertx.runOnContext(
        on -> {
          Connections connections =
              new Connections(
                  vertx, LIMITS, peers, new Refusals("https://b.test", new RequestIds(1)));
          vertx
              .createHttpServer(HttpApi.serverOptions(LIMITS))
              .connectionHandler(connections::accept)
              .requestHandler(request -> handler.accept(request))
              .listen(0, "127.0.0.1")
              .onComplete(listening);
        });
    server = listening.future().await(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    for (Socket each : sockets) {
      each.close();
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> peers.open() == 0 && peers.peers() == 0);
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.actualPort());
    sockets.add(socket);
    return socket;
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Everything until the server closes, or resets what was being written. */
  private static String rest(Socket from) throws IOException {
    from.setSoTimeout(10_000);
    return new String(from.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private String answerTo(String request) throws IOException {
    Socket socket = connect();
    write(socket, request);
    return rest(socket);
  }

  /** Sends a byte at a time, listening in between, until something comes back. */
  private static String trickle(Socket to, String start, String each) throws IOException {
    write(to, start);
    to.setSoTimeout(50);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      try {
        int next = to.getInputStream().read();
        if (next < 0) {
          break;
        }
        answer.write(next);
        answer.writeBytes(rest(to).getBytes(ISO_8859_1));
        break;
      } catch (SocketTimeoutException silence) {
        write(to, each);
      }
    }
    return answer.toString(ISO_8859_1);
  }

  private static void assertProblem(String answer, int status) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("content-type: application/problem+json")
        .containsIgnoringCase("connection: close")
        .containsPattern("(?i)x-request-id: req_")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .containsIgnoringCase("strict-transport-security: ")
        .contains("\"status\":" + status);
  }

  // --- slow ---

  @ParameterizedTest
  @CsvSource({
    "G, x",
    "'GET /a HTTP/1.1\r\n', x",
    "'GET /a HTTP/1.1\r\nHost: b\r\n', 'x:y\r\n'",
  })
  void adm15AHeadThatTricklesIsCutAfterTheLimitWith408(String start, String each)
      throws IOException {
    // When
    long begin = System.nanoTime();
    String answer = trickle(connect(), start, each);
    long took = (System.nanoTime() - begin) / 1_000_000;

    // Then
    assertProblem(answer, 408);
    assertThat(took).isBetween(LIMIT.toMillis() - 50, LIMIT.toMillis() * 3 + 1_000);
  }

  @ParameterizedTest
  @CsvSource({"Content-Length: 1000, x", "Transfer-Encoding: chunked, '1\r\nx\r\n'"})
  void org8ABodyThatTricklesIsCutAfterTheLimitWith408(String framing, String each)
      throws IOException {
    assertProblem(trickle(connect(), POST + framing + "\r\n\r\n", each), 408);
  }

  @Test
  void org8WhoIsToldToGoOnAndDoesNotIsCutToo() throws IOException {
    // Given
    handler =
        request -> {
          request.response().writeContinue().onFailure(Throwable::printStackTrace);
          request.end().onSuccess(read -> request.response().end("fine"));
        };

    // When
    String answer = answerTo(POST + "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 100 Continue\r\n\r\n");
    assertProblem(answer.substring("HTTP/1.1 100 Continue\r\n\r\n".length()), 408);
  }

  @Test
  void aBodyThatComesFastEnoughMayTakeLonger() throws IOException {
    // Given: 16 KiB each 50 ms, three times the limit long
    Socket socket = connect();
    socket.setSoTimeout(50);
    write(socket, POST + "Content-Length: " + 24 * 16_384 + "\r\nConnection: close\r\n\r\n");

    // When
    for (int i = 0; i < 23; i++) {
      write(socket, "x".repeat(16_384));
      assertThat(silent(socket)).isTrue();
    }
    write(socket, "x".repeat(16_384));

    // Then
    assertThat(rest(socket)).startsWith("HTTP/1.1 200 OK").endsWith("fine");
  }

  private static boolean silent(Socket socket) throws IOException {
    socket.setSoTimeout(50);
    try {
      return socket.getInputStream().read() == -2;
    } catch (SocketTimeoutException silence) {
      return true;
    }
  }

  @Test
  void theTimeThatTheNodeItselfDoesNotReadIsNotTheSenders() throws IOException {
    // Given: nothing is read for three times the limit
    long pause = LIMIT.toMillis() * 3;
    handler =
        request -> {
          request.pause();
          vertx.setTimer(pause, late -> request.resume());
          request.end().onSuccess(read -> request.response().end("fine"));
        };
    Socket socket = connect();

    // When: so many small chunks that the node stops reading, and the end when it goes on
    write(socket, POST + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
    write(socket, "1\r\nx\r\n".repeat(300));
    for (int i = 0; i < pause / 50 + 2; i++) {
      assertThat(silent(socket)).isTrue();
    }
    write(socket, "0\r\n\r\n");

    // Then
    assertThat(rest(socket)).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void adm15AConnectionThatSendsNothingIsClosedWithoutAWord() throws IOException {
    assertThat(rest(connect())).isEmpty();
  }

  @Test
  void aConnectionRestsBetweenRequestsForTheIdleLimitOnly() throws IOException {
    // Given
    Socket socket = connect();
    write(socket, GET);

    // When: the limit of a head passes, a request is sent, the idle limit passes
    StringBuilder first = new StringBuilder();
    while (first.indexOf("fine") < 0) {
      first.append((char) socket.getInputStream().read());
    }
    long begin = System.nanoTime();
    for (int i = 0; i < 11; i++) {
      assertThat(silent(socket)).isTrue();
    }
    write(socket, GET);
    String rest = rest(socket);
    long took = (System.nanoTime() - begin) / 1_000_000;

    // Then
    assertThat(first.toString()).startsWith("HTTP/1.1 200 OK");
    assertThat(rest).contains("HTTP/1.1 200 OK").doesNotContain(" 408 ");
    assertThat(took).isGreaterThan(1_200);
  }

  @Test
  void aRequestThatIsBeingAnsweredIsNotCut() throws IOException {
    // Given: longer than every limit
    handler = request -> vertx.setTimer(1_500, late -> request.response().end("fine"));

    // When, Then
    assertThat(answerTo("GET /a HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("fine");
  }

  @Test
  void whoDoesNotReadHisAnswerIsClosed() throws IOException {
    // Given
    handler = request -> request.response().end("x".repeat(20_000_000));
    Socket socket = connect();
    write(socket, GET);

    // When, Then: nothing is read until the server has let go
    await().atMost(Duration.ofSeconds(5)).until(() -> peers.open() == 0);
    socket.setSoTimeout(5_000);
    assertThat(drained(socket)).isLessThan(20_000_000);
  }

  private static long drained(Socket socket) throws IOException {
    long count = 0;
    try {
      byte[] some = new byte[65_536];
      for (int n; (n = socket.getInputStream().read(some)) >= 0; ) {
        count += n;
      }
    } catch (SocketException reset) {
      return count;
    }
    return count;
  }

  @Test
  void aSlowHeadBehindAnUnansweredRequestIsNotAnsweredInItsPlace() throws IOException {
    // Given: the first is never answered
    handler = request -> {};
    Socket socket = connect();

    // When
    write(socket, GET);
    assertThat(silent(socket)).isTrue();
    String answer = trickle(socket, "GET /b", "x");

    // Then
    assertThat(answer).isEmpty();
  }

  // --- too many ---

  @Test
  void adm15OneAddressHasSoManyConnectionsAndNoMore() throws IOException {
    // Given
    for (int i = 0; i < LIMITS.connectionsPerPeer(); i++) {
      Socket open = connect();
      write(open, GET);
      assertThat(open.getInputStream().read()).isEqualTo('H');
    }

    // When
    String oneMore = answerTo(GET);
    sockets.removeFirst().close();
    await().atMost(Duration.ofSeconds(5)).until(() -> peers.open() < LIMITS.connectionsPerPeer());
    String again = answerTo("GET /a HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n");

    // Then
    assertProblem(oneMore, 429);
    assertThat(oneMore).containsIgnoringCase("retry-after: 1");
    assertThat(again).startsWith("HTTP/1.1 200 OK");
  }

  // --- no request ---

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' | 505",
        "'GET / HTTP/1.2\r\nHost: b\r\n\r\n' | 505",
        "'GET / HTTP/1.1\r\n\r\n' | 400",
        "'GET / HTTP/1.1\r\nHost: b\r\nHost: c\r\n\r\n' | 400",
        "'GET / HTTP/1.0\r\nHost: b\r\nHost: c\r\n\r\n' | 400",
        "'POST /a HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n' | 400",
        "'POST /a HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n' | 400",
      })
  void adm15WhatIsNoRequestOfOursIsAProblem(String bytes, int status) throws IOException {
    assertProblem(answerTo(bytes), status);
  }

  @Test
  void adm15MoreFieldsThanTheLimitAreAProblem() throws IOException {
    assertProblem(answerTo("GET / HTTP/1.1\r\nHost: b\r\n" + "a: b\r\n".repeat(20) + "\r\n"), 431);
    assertThat(
            answerTo(
                "GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n"
                    + "a: b\r\n".repeat(18)
                    + "\r\n"))
        .startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void adm15AnUpgradeToH2cIsNotTaken() throws IOException {
    String answer =
        answerTo(
            "GET / HTTP/1.1\r\nHost: b\r\nConnection: close, Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 OK").doesNotContain(" 101 ");
  }

  @Test
  void adm15TenThousandPipelinedRequestsAreAnsweredInTurn() throws Exception {
    // Given
    Socket socket = connect();
    int requests = 10_000;
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    write(
                        socket,
                        GET.repeat(requests - 1)
                            + "GET /a HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n");
                  } catch (IOException cut) {
                    throw new AssertionError(cut);
                  }
                });

    // When
    String answers = rest(socket);
    sender.join();

    // Then
    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(requests + 1);
  }
}
