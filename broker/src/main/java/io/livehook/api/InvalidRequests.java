package io.livehook.api;

import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.http.Refusals;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is no HTTP request, and closes its connection. */
final class InvalidRequests {
  private static final Logger LOG = LoggerFactory.getLogger(InvalidRequests.class);

  private InvalidRequests() {}

  static void answer(Refusals refusals, HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem = Problem.of(kind(cause), "The request could not be read.");
    byte[] body = refusals.write(problem, request.response()::putHeader);
    request
        .response()
        .setStatusCode(problem.kind().status())
        .end(Buffer.buffer(body))
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
