package io.livehook.outcome;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A consumer's side on a real socket: records every request, answers as told. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Map<String, Function<Arrival, Reply>> replies = new ConcurrentHashMap<>();

  /** One request as it arrived. */
  public record Arrival(String path, Map<String, String> headers, Buffer body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** What is answered; status 0: nothing, ever. */
  public record Reply(int status, Map<String, String> headers) {
    public static Reply of(int status) {
      return new Reply(status, Map.of());
    }
  }

  public Receiver(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::receive)
            .listen(0, "127.0.0.1")
            .await(5, TimeUnit.SECONDS);
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
              request.headers().forEach(each -> headers.put(each.getKey(), each.getValue()));
              Arrival arrival = new Arrival(String.valueOf(request.path()), headers, body);
              arrivals.add(arrival);
              Reply reply =
                  replies.getOrDefault(arrival.path(), any -> Reply.of(204)).apply(arrival);
              if (reply.status() != 0) {
                reply.headers().forEach(request.response()::putHeader);
                request.response().setStatusCode(reply.status()).end();
              }
            });
  }

  public void answer(String path, Function<Arrival, Reply> reply) {
    replies.put(path, reply);
  }

  public String origin() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  public List<Arrival> at(String path) {
    return arrivals.stream().filter(each -> each.path().equals(path)).toList();
  }

  @Override
  public void close() throws Exception {
    server.close().await(5, TimeUnit.SECONDS);
  }
}
