package io.livehook.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.process.BrokerProcess;
import io.livehook.it.process.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What most tests need: a PostgreSQL, a broker on it with one tenant, and an HTTP client. Starts
 * with {@code open}; settings go in pairs of variable and value.
 */
final class Scene implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final PostgresCluster postgres;
  final BrokerProcess broker;
  final Target target;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Scene(Path folder, String... settings) {
    postgres = new PostgresCluster(folder.resolve("postgres"));
    broker =
        BrokerProcess.serve(folder, postgres.url())
            .withJvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    for (int i = 0; i < settings.length; i += 2) {
      broker.with(settings[i], settings[i + 1]);
    }
    broker.start();
    target = new Target(broker.port(), broker.createTenant("it"));
  }

  static Scene open(String name, String... settings) {
    return new Scene(folder(name), settings);
  }

  /** A new folder below {@code target}. */
  static Path folder(String name) {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target")), name + "-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Subscribes one callback and returns its id and secret. */
  Subscriber.Subscription subscribe(String resource, String callback) {
    return Subscriber.subscribe(target, List.of(new Subscriber.Wish(resource, callback, "")), 1)
        .getFirst();
  }

  /** Sends {@code text/plain} with further header fields, name and value in turn. */
  HttpResponse<String> put(String resource, byte[] body, String... headers) {
    HttpRequest.Builder request =
        request(target.path(resource), target.keys().origin()).header("Content-Type", "text/plain");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.PUT(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** NDJSON lines; the answer has a line for each. */
  HttpResponse<String> batch(String lines) {
    return send(
        request("/api/v1/updates", target.keys().origin())
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(lines)));
  }

  HttpResponse<String> subscribing(String resource, String form) {
    return send(
        request(target.path(resource) + "/subscriptions/", target.keys().consumer())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  HttpResponse<String> get(String path, String key) {
    return send(request(path, key).GET());
  }

  /** A request whose method and body are still to be set; an empty key sends none. */
  HttpRequest.Builder request(String path, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target.url(path))).timeout(Duration.ofSeconds(30));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException malformed) {
      throw new AssertionError("not JSON: " + text, malformed);
    }
  }

  @Override
  public void close() {
    postgres.thaw();
    broker.close();
    postgres.close();
  }
}
