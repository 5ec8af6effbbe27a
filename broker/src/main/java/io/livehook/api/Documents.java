package io.livehook.api;

import io.livehook.http.Exchange;
import io.livehook.http.ProblemKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the API says of itself: its OpenAPI description and its list of problems. */
final class Documents {
  private static final Buffer OPENAPI = read("openapi.json");
  private static final Buffer PROBLEMS = problems();

  private Documents() {}

  static void openapi(Exchange exchange) {
    exchange.json(200, OPENAPI);
  }

  static void problems(Exchange exchange) {
    exchange.put(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8");
    exchange.end(200, PROBLEMS);
  }

  private static Buffer problems() {
    StringBuilder page =
        new StringBuilder("<!doctype html><html lang=en><title>Problems</title><h1>Problems</h1>");
    for (ProblemKind kind : ProblemKind.values()) {
      page.append(
          "<h2 id=%s>%s</h2><p>%d: %s</p>"
              .formatted(kind.code(), kind.code(), kind.status(), kind.title()));
    }
    return Buffer.buffer(page.append("</html>").toString());
  }

  private static Buffer read(String name) {
    try (InputStream file = Documents.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("no " + name);
      }
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
