package io.livehook.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exchange that was refused for want of an answer takes the late one quietly. */
class LateAnswersTest {
  private static final long OVER = 900;

  private final Vertx vertx = Vertx.vertx();
  private final StandingClock clock = new StandingClock();
  private final List<Throwable> defects = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile Consumer<Exchange> handler = exchange -> {};
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    Patience patience = new Patience(clock::nanos, clock);
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  Context context = vertx.getOrCreateContext();
                  context.exceptionHandler(defects::add);
                  handler.accept(
                      new Exchange(
                          request, patience, "http://b.test", "req_1", new String[] {"a"}));
                })
            .listen(0, "127.0.0.1")
            .await(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  private CompletableFuture<HttpResponse<String>> send(String method, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/a"))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Does something on the exchange's event loop and waits for it. */
  private static void on(Context loop, Runnable work) throws Exception {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        turn -> {
          work.run();
          done.complete();
        });
    done.future().await(5, TimeUnit.SECONDS);
  }

  private record Waiting(Exchange exchange, Context loop, Promise<String> step) {}

  /** A handler whose first step never answers by itself. */
  private Promise<Waiting> steps(Consumer<Waiting> late) {
    Promise<Waiting> reached = Promise.promise();
    handler =
        exchange -> {
          Waiting waiting = new Waiting(exchange, vertx.getOrCreateContext(), Promise.promise());
          exchange.pause();
          exchange.failing(waiting.step.future().onSuccess(found -> late.accept(waiting)));
          reached.complete(waiting);
        };
    return reached;
  }

  @Test
  void theLateAnswerOfAStepIsDroppedAndTheConnectionGoesOn() throws Exception {
    // Given
    Promise<Waiting> reached =
        steps(
            late -> {
              late.exchange.put("etag", "\"1\"");
              late.exchange.links(List.of("</b>"));
              late.exchange.json(200, new JsonObject());
              late.exchange.problem(Problem.of(ProblemKind.NOT_FOUND, "late"));
              late.exchange.fail(new IllegalStateException("late"));
              late.exchange.minimal(204);
            });
    CompletableFuture<HttpResponse<String>> answer = send("GET", "");
    Waiting waiting = reached.future().await(5, TimeUnit.SECONDS);

    // When
    on(waiting.loop, () -> clock.pass(OVER));
    HttpResponse<String> refused = answer.get(5, TimeUnit.SECONDS);
    on(waiting.loop, () -> waiting.step.complete("late"));

    // Then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().firstValue("etag")).isEmpty();
    assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("unavailable");
    handler = exchange -> exchange.end(200, Buffer.buffer("next"));
    assertThat(send("GET", "").get(5, TimeUnit.SECONDS).body()).isEqualTo("next");
    assertThat(defects).isEmpty();
  }

  @Test
  void aBodyThatWaitedForTheRefusedStepIsNotHandedOn() throws Exception {
    // Given
    List<byte[]> bodies = new CopyOnWriteArrayList<>();
    Promise<Waiting> reached = steps(late -> Bodies.collect(late.exchange, 1_000, bodies::add));
    CompletableFuture<HttpResponse<String>> answer = send("PUT", "body");
    Waiting waiting = reached.future().await(5, TimeUnit.SECONDS);

    // When
    on(waiting.loop, () -> clock.pass(OVER));
    HttpResponse<String> refused = answer.get(5, TimeUnit.SECONDS);
    on(waiting.loop, () -> waiting.step.complete("late"));

    // Then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(refused.body()).getString("detail")).contains("may still be done");
    assertThat(bodies).isEmpty();
    assertThat(defects).isEmpty();
  }

  @Test
  void whatTakesItsTimeIsNotRefused() throws Exception {
    // Given
    Promise<Waiting> reached = steps(late -> late.exchange.end(200, Buffer.buffer("long")));
    CompletableFuture<HttpResponse<String>> answer = send("GET", "");
    Waiting waiting = reached.future().await(5, TimeUnit.SECONDS);

    // When
    on(
        waiting.loop,
        () -> {
          waiting.exchange.takesItsTime();
          waiting.exchange.goesOn();
          clock.pass(5 * OVER);
          waiting.step.complete("now");
        });

    // Then
    assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo("long");
  }
}
