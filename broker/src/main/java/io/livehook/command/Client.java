package io.livehook.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;

/** Talks to the broker over HTTP as an origin and a consumer would. Blocks: main thread. */
record Client(String baseUrl, DevKeys keys) {
  private static final int PATIENCE = 20_000;
  private static final String FORM = "application/x-www-form-urlencoded";

  /** A status and a body. */
  private record Answer(int status, byte[] body) {}

  String url(String resource) {
    return baseUrl + "/" + keys.tenant() + "/resources/" + encode(resource);
  }

  boolean knows(String resource) throws IOException {
    return send("GET", url(resource), keys.origin(), "", new byte[0]).status() == 200;
  }

  void put(String resource, String value) throws IOException {
    Answer answer = send("PUT", url(resource), keys.origin(), "text/plain", value.getBytes(UTF_8));
    expect(answer, "PUT " + resource);
  }

  /** Subscribes a callback and returns its signing secret. */
  String subscribe(String resource, String callback) throws IOException {
    byte[] form = ("callback_uri=" + encode(callback)).getBytes(UTF_8);
    Answer answer = send("POST", url(resource) + "/subscriptions/", keys.consumer(), FORM, form);
    expect(answer, "subscribing to " + resource);
    JsonNode created = new ObjectMapper().readTree(answer.body());
    return created.path("secret").asText();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static void expect(Answer answer, String what) throws IOException {
    if (answer.status() < 200 || answer.status() > 299) {
      String why = new String(answer.body(), UTF_8);
      throw new IOException("%s was answered %d: %s".formatted(what, answer.status(), why));
    }
  }

  private static Answer send(String method, String url, String key, String type, byte[] body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(PATIENCE);
    connection.setReadTimeout(PATIENCE);
    connection.setRequestProperty("Authorization", "Bearer " + key);
    if (!method.equals("GET")) {
      connection.setRequestProperty("Content-Type", type);
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, in == null ? new byte[0] : in.readAllBytes());
    }
  }
}
