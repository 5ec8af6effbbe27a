package io.livehook.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;

/** One GET on loopback. */
final class TinyGet {
  private TinyGet() {}

  static String body(int port, String path) {
    try (InputStream answer = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
      return new String(answer.readAllBytes(), UTF_8).trim();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
