package io.livehook.api;

import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A consumer's side on a real socket, which has nothing of the broker's: keeps what arrives. */
final class Mailbox implements AutoCloseable {
  private final HttpServer server;
  private final List<Letter> letters = new CopyOnWriteArrayList<>();

  /** One request as it arrived; several lines of a header are joined as RFC 9110 says. */
  @SuppressWarnings("ArrayRecordComponent")
  record Letter(String target, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  Mailbox() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange
        .getRequestHeaders()
        .forEach((name, lines) -> headers.put(name, String.join(", ", lines)));
    byte[] body = exchange.getRequestBody().readAllBytes();
    letters.add(new Letter(exchange.getRequestURI().toString(), headers, body));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  List<Letter> at(String target) {
    return letters.stream().filter(each -> each.target().equals(target)).toList();
  }

  /** The one that is the so-and-so-manieth there, from 1. */
  @CanIgnoreReturnValue
  Letter await1(String target, int number) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(15))
        .until(() -> at(target).size() >= number);
    return at(target).get(number - 1);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
