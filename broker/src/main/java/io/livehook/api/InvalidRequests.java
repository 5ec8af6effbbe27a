package io.livehook.api;

import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is no HTTP request, and closes its connection. */
final class InvalidRequests {
  private static final Logger LOG = LoggerFactory.getLogger(InvalidRequests.class);

  private InvalidRequests() {}

  static void answer(String baseUrl, HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem = Problem.of(kind(cause), "The request could not be read.");
    request
        .response()
        .setStatusCode(problem.kind().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(problem.json(baseUrl, "").toBuffer())
        .onComplete(
            written ->
                request
                    .connection()
                    .close()
                    .onFailure(gone -> LOG.debug("connection was gone: {}", gone.toString())));
  }

  private static ProblemKind kind(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ProblemKind.URI_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? ProblemKind.HEADERS_TOO_LARGE
        : ProblemKind.BAD_REQUEST;
  }
}
