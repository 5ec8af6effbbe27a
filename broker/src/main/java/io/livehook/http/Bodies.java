package io.livehook.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Collects one body up to a limit, which holds before the bytes are kept: what announces more is
 * answered 413 unread. Runs on the exchange's event loop.
 */
public final class Bodies {
  private static final byte[] NONE = {};

  private final Exchange exchange;
  private final int limit;
  private final Consumer<byte[]> whole;
  private byte[] bytes;
  private int length;
  private boolean refused;

  private Bodies(Exchange exchange, int limit, int announced, Consumer<byte[]> whole) {
    this.exchange = exchange;
    this.limit = limit;
    this.whole = whole;
    this.bytes = announced == 0 ? NONE : new byte[announced];
  }

  /** Goes on with the whole body; if it is too large, the answer is given and nothing goes on. */
  public static void collect(Exchange exchange, int limit, Consumer<byte[]> whole) {
    if (exchange.over()) {
      return;
    }
    HttpServerRequest request = exchange.request();
    long announced = announced(request);
    if (announced > limit) {
      exchange.problem(tooLarge(limit));
      return;
    }
    Bodies body = new Bodies(exchange, limit, (int) announced, whole);
    request.handler(body::chunk).endHandler(end -> body.end());
    goOn(exchange);
    exchange.rests();
    exchange.resume();
  }

  /** Tells a caller that waits for it to send the body. */
  public static void goOn(Exchange exchange) {
    if ("100-continue".equalsIgnoreCase(exchange.header(HttpHeaders.EXPECT))) {
      exchange.writeContinue();
    }
  }

  public static Problem tooLarge(int limit) {
    return Problem.of(ProblemKind.TOO_LARGE, "The limit is %d bytes.".formatted(limit));
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private void chunk(Buffer chunk) {
    if (refused) {
      return;
    }
    int wanted = length + chunk.length();
    if (wanted > limit) {
      refused = true;
      bytes = NONE;
      exchange.problem(tooLarge(limit));
      return;
    }
    if (wanted > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(wanted, bytes.length * 2)));
    }
    chunk.getBytes(bytes, length);
    length = wanted;
  }

  private void end() {
    if (!refused) {
      exchange.goesOn();
      whole.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }
  }
}
