package io.livehook.it.load;

import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.livehook.it.http.Pump;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Subscribes many callbacks over many keep-alive connections. */
public final class Subscriber {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Subscriber() {}

  /** What to subscribe; {@code options} are further form fields, already encoded, or empty. */
  public record Wish(String resource, String callback, String options) {}

  /** What came of it. */
  public record Subscription(Wish wish, String id, String secret) {}

  /**
   * Makes the resources by a first update of each, then returns when all are subscribed; the first
   * refusal fails it.
   */
  public static List<Subscription> subscribe(
      Target target, Collection<Wish> wishes, int connections) {
    createResources(target, wishes);
    Work work =
        new Work(
            target, new ArrayDeque<>(wishes), Math.min(connections, Math.max(1, wishes.size())));
    try (Pump ignored = new Pump("subscriber", target.port(), work.pending.length, work)) {
      eventually(
          () -> work.done.size() + " of " + wishes.size() + " are subscribed",
          Duration.ofSeconds(60 + wishes.size() / 500),
          () -> {
            String refusal = work.refusals.peek();
            if (refusal != null) {
              throw new AssertionError("not subscribed: " + refusal);
            }
            return work.done.size() == wishes.size();
          });
    }
    return new ArrayList<>(work.done);
  }

  private static void createResources(Target target, Collection<Wish> wishes) {
    StringBuilder lines = new StringBuilder();
    wishes.stream()
        .map(Wish::resource)
        .distinct()
        .forEach(
            uri ->
                lines
                    .append("{\"resource\":\"")
                    .append(uri)
                    .append("\",\"content_type\":\"text/plain\",\"body\":\"first\"}\n"));
    HttpRequest batch =
        HttpRequest.newBuilder(URI.create(target.url("/api/v1/updates")))
            .header("Authorization", "Bearer " + target.keys().origin())
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String results = client.send(batch, HttpResponse.BodyHandlers.ofString()).body();
      if (results.lines().anyMatch(line -> !line.contains("\"status\":20"))) {
        throw new AssertionError("no resource: " + results);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static final class Work implements Pump.Work {
    private final Target target;
    private final ArrayDeque<Wish> wishes;
    private final Wish[] pending;
    private final Queue<Subscription> done = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();

    Work(Target target, ArrayDeque<Wish> wishes, int connections) {
      this.target = target;
      this.wishes = wishes;
      this.pending = new Wish[connections];
    }

    @Override
    public boolean next(int connection, ByteBuffer out) {
      Wish wish = wishes.poll();
      if (wish == null) {
        return false;
      }
      pending[connection] = wish;
      String form =
          "callback_uri="
              + URLEncoder.encode(wish.callback(), UTF_8)
              + "&secret="
              + URLEncoder.encode(secret(wish), UTF_8)
              + wish.options();
      String path = target.path(wish.resource()) + "/subscriptions/";
      String key = target.keys().consumer();
      String head =
          target.head("POST", path, key, "application/x-www-form-urlencoded", form.length());
      out.put((head + "\r\n" + form).getBytes(ISO_8859_1));
      return true;
    }

    @Override
    public void answered(int connection, Pump.Answer answer) {
      if (answer.status() == 429 || answer.status() == 503) {
        wishes.add(pending[connection]);
        return;
      }
      if (answer.status() != 201 && answer.status() != 200) {
        refusals.add(answer.status() + " " + answer.text());
        return;
      }
      try {
        JsonNode json = JSON.readTree(answer.text());
        done.add(
            new Subscription(
                pending[connection], json.path("alias").asText(), secret(pending[connection])));
      } catch (JsonProcessingException malformed) {
        refusals.add("malformed: " + answer.text());
      }
    }

    /** Chosen here, so that it is known also when the first answer was lost. */
    private static String secret(Wish wish) {
      try {
        byte[] bytes =
            MessageDigest.getInstance("SHA-256")
                .digest((wish.resource() + '\n' + wish.callback()).getBytes(UTF_8));
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void broken(int connection) {
      wishes.add(pending[connection]);
    }
  }
}
