package io.livehook.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What receivers' own JavaScript libraries say to deliveries of the packaged jar, before, within
 * and after a rotation: {@code standardwebhooks}, {@code svix}, {@code @octokit/webhooks-methods},
 * {@code http-message-signatures}, at the bodies that each of them takes.
 */
class SignatureVerifiersIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path VERIFIERS = Path.of("verifiers");
  private static final Map<String, String> BODIES =
      Map.of("empty", "", "json", "{\"test\": 2432232314}", "text", "Grüße, 世界 €");

  private static Scene scene;
  private static HttpServer server;
  private static final BlockingQueue<ObjectNode> ARRIVED = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() throws Exception {
    run("", "npm", "ci", "--no-audit", "--no-fund");
    scene = Scene.open("verifiers");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", SignatureVerifiersIT::take);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
    scene.close();
  }

  private static void take(HttpExchange exchange) throws IOException {
    ObjectNode arrival = JSON.createObjectNode();
    ObjectNode headers = arrival.putObject("headers");
    exchange
        .getRequestHeaders()
        .forEach(
            (name, lines) ->
                headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(", ", lines)));
    arrival.put("url", "http://" + headers.get("host").asText() + exchange.getRequestURI());
    arrival.put("body", exchange.getRequestBody().readAllBytes());
    ARRIVED.add(arrival);
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static String run(String input, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(VERIFIERS.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static JsonNode post(String path, String body) {
    HttpResponse<String> answer =
        scene.send(
            scene
                .request(path, scene.target.keys().consumer())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return Scene.json(answer.body());
  }

  private static JsonNode subscribe(String resource, String signatures) {
    scene.put(resource, "before".getBytes(StandardCharsets.UTF_8));
    ObjectNode wish = JSON.createObjectNode();
    wish.put("resource", resource).put("signatures", signatures);
    wish.put("callback_uri", "http://127.0.0.1:" + server.getAddress().getPort() + "/in?q=a%20b");
    return post("/api/v1/subscriptions", wish.toString());
  }

  private static JsonNode rotate(JsonNode made, String body) {
    return post("/api/v1/subscriptions/" + made.get("id").asText() + "/rotate", body);
  }

  private static ObjectNode delivered(String resource, String body) throws Exception {
    scene.put(resource, body.getBytes(StandardCharsets.UTF_8));
    ObjectNode arrival = ARRIVED.poll(15, TimeUnit.SECONDS);
    assertThat(arrival).isNotNull();
    return arrival;
  }

  private static void add(
      ArrayNode cases, ObjectNode arrival, String name, String scheme, String secret) {
    cases.add(arrival.deepCopy().put("name", name).put("scheme", scheme).put("secret", secret));
  }

  @Test
  void receiversVerifyWhatIsDelivered() throws Exception {
    // Given
    ArrayNode cases = JSON.createArrayNode();
    Map<String, Boolean> wanted = new LinkedHashMap<>();
    for (String signatures : List.of("rfc9421 x-hub-256", "v1a rfc9421 x-hub-256")) {
      for (String rotation : List.of("none", "overlap", "ended")) {
        String resource = "https://o.test/" + signatures.length() + "/" + rotation;
        JsonNode first = subscribe(resource, signatures);
        JsonNode now =
            switch (rotation) {
              case "overlap" -> rotate(first, "{}");
              case "ended" -> rotate(first, "{\"overlap_seconds\":0}");
              default -> first;
            };
        for (Map.Entry<String, String> body : BODIES.entrySet()) {
          ObjectNode arrival = delivered(resource, body.getValue());
          for (String which : List.of("new", "old")) {
            if (rotation.equals("none") && which.equals("old")) {
              continue;
            }
            JsonNode keys = which.equals("new") ? now : first;
            boolean both = which.equals("new") || rotation.equals("overlap");
            String secret = keys.get("secret").asText();
            String pair =
                keys.path("public_key").isTextual() ? keys.get("public_key").asText() : secret;
            String at = String.join("/", signatures, rotation, body.getKey(), which, "");
            add(cases, arrival, at + "standardwebhooks", "standardwebhooks", secret);
            wanted.put(at + "standardwebhooks", both);
            add(cases, arrival, at + "messages", "http-message-signatures", pair);
            wanted.put(at + "messages", both);
            if (!body.getKey().equals("empty")) {
              add(cases, arrival, at + "svix", "svix", secret);
              wanted.put(at + "svix", both);
              add(cases, arrival, at + "octokit", "octokit", secret);
              wanted.put(at + "octokit", which.equals("new"));
            }
          }
        }
      }
    }

    // When
    JsonNode results = Scene.json(run(cases.toString(), "node", "verify.js"));

    // Then
    wanted.forEach(
        (name, good) ->
            assertThat(results.get(name).isBoolean())
                .as(name + " " + results.get(name))
                .isEqualTo(good));
    assertThat(results.size()).isEqualTo(wanted.size()).isGreaterThan(80);
  }

  @Test
  void noSecretIsInTheLogOrTheCommandLineOfTheBroker() throws Exception {
    // Given
    String canary = "canary-of-the-packaged-jar";
    JsonNode made = subscribe("https://o.test/canary", "v1a");
    rotate(made, "{\"secret\":\"" + canary + "\"}");
    delivered("https://o.test/canary", "x");

    // When
    String log = java.nio.file.Files.readString(scene.broker.log());
    String line =
        java.nio.file.Files.readString(
            Path.of("/proc", Long.toString(scene.broker.pid()), "cmdline"));

    // Then
    for (String secret : List.of(canary, made.get("secret").asText(), "YSBtYXN0ZXIga2V5")) {
      assertThat(log).doesNotContain(secret);
      assertThat(line).doesNotContain(secret);
    }
  }
}
