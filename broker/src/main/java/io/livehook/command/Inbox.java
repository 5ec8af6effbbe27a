package io.livehook.command;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A receiver on this host that says 204 to every POST, so that there is something to deliver to.
 * Its consumer runs on an event loop.
 */
final class Inbox implements AutoCloseable {
  private static final int SECONDS = 10;
  private final HttpServer server;

  /** A POST as it came. */
  record Arrival(
      String path, String id, String timestamp, String signature, String resource, Buffer body) {
    private static final int SHOWN = 60;

    private static Arrival of(HttpServerRequest request, Buffer body) {
      return new Arrival(
          String.valueOf(request.path()),
          header(request, "webhook-id"),
          header(request, "webhook-timestamp"),
          header(request, "webhook-signature"),
          header(request, "location"),
          body);
    }

    /** The body's beginning, safe for a terminal. */
    String shown() {
      String text = body.toString().replaceAll("\\p{Cntrl}", " ");
      return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    boolean fits(String secret) {
      return Signature.fits(secret, id, timestamp, body.getBytes(), signature);
    }

    private static String header(HttpServerRequest request, String name) {
      String value = request.getHeader(name);
      return value == null ? "" : value;
    }
  }

  private Inbox(HttpServer server) {
    this.server = server;
  }

  /** On the wished port of the loopback address if it is free, else on any other. */
  static Inbox open(Vertx vertx, int wished, Consumer<Arrival> consumer) throws TimeoutException {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              consumer.accept(Arrival.of(request, body));
                              request.response().setStatusCode(204).end();
                            }))
            .listen(isFree(wished) ? wished : 0, "127.0.0.1")
            .await(SECONDS, TimeUnit.SECONDS);
    return new Inbox(server);
  }

  int port() {
    return server.actualPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  @Override
  public void close() throws TimeoutException {
    server.close().await(SECONDS, TimeUnit.SECONDS);
  }

  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort() > 0;
    } catch (IOException taken) {
      return false;
    }
  }
}
