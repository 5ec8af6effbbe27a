package io.livehook.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the head of a request must be beside well-formed. Pure. */
final class Heads {
  private Heads() {}

  /**
   * The first fault, or null: HTTP/1.1 or 1.0 and nothing else, so no h2c preface either; at most
   * {@code mostFields} header fields; one {@code Host} (RFC 9112 §3.2).
   */
  static @Nullable Problem fault(HttpRequest request, int mostFields) {
    HttpVersion version = request.protocolVersion();
    boolean current = version.equals(HttpVersion.HTTP_1_1);
    if (!current && !version.equals(HttpVersion.HTTP_1_0)) {
      return Problem.of(ProblemKind.VERSION_NOT_SUPPORTED, "HTTP/1.1 is spoken here.");
    }
    int fields = 0;
    int hosts = 0;
    Iterator<Map.Entry<CharSequence, CharSequence>> each = request.headers().iteratorCharSequence();
    while (each.hasNext()) {
      hosts += host(each.next().getKey()) ? 1 : 0;
      if (++fields > mostFields) {
        return Problem.of(
            ProblemKind.HEADERS_TOO_LARGE, "The limit is %d header fields.".formatted(mostFields));
      }
    }
    return hosts == 1 || hosts == 0 && !current
        ? null
        : Problem.of(
            ProblemKind.BAD_REQUEST, "A request has one Host field, not %d.".formatted(hosts));
  }

  private static boolean host(CharSequence name) {
    return name.length() == 4 && io.netty.util.AsciiString.contentEqualsIgnoreCase(name, "host");
  }
}
