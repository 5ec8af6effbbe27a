package io.livehook.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpHeaders;
import java.util.function.BiConsumer;

/**
 * What is answered where no exchange comes about: the bytes are no request, too many, or too slow.
 * The connection ends with it. One per event loop.
 */
public final class Refusals {
  private final String baseUrl;
  private final RequestIds ids;
  private final StandingFields standing;

  public Refusals(String baseUrl, RequestIds ids) {
    this.baseUrl = baseUrl;
    this.ids = ids;
    this.standing = new StandingFields(baseUrl);
  }

  /** The header fields go to {@code put}; returned is the body. */
  public byte[] write(Problem problem, BiConsumer<CharSequence, CharSequence> put) {
    String id = ids.next();
    standing.each(false, put);
    put.accept("x-request-id", id);
    put.accept(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    put.accept(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    if (problem.retryAfterSeconds() > 0) {
      put.accept(HttpHeaders.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
    }
    return problem.json(baseUrl, id).toBuffer().getBytes();
  }

  FullHttpResponse response(Problem problem) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.kind().status()));
    byte[] body = write(problem, (name, value) -> response.headers().set(name, value));
    response.headers().set(HttpHeaders.CONTENT_LENGTH, body.length);
    return response.replace(Unpooled.wrappedBuffer(body));
  }
}
