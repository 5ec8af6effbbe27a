package io.livehook.http;

import java.util.Locale;

/** Every kind of refusal, with its stable code. The list is served at {@code /problems}. */
public enum ProblemKind {
  BAD_REQUEST(400, "The request has faults; each is listed"),
  DIGEST_MISMATCH(400, "The body does not have the digest that came with it"),
  UNAUTHORIZED(401, "A valid API key is needed: Authorization: Bearer lh_…"),
  FORBIDDEN(403, "The key's role or scope does not allow this"),
  CROSS_SITE(403, "A request with a cookie that changes something must come from our own pages"),
  NOT_FOUND(404, "There is nothing here, or it is not yours"),
  METHOD_NOT_ALLOWED(405, "This URL does not have that method"),
  REQUEST_TIMEOUT(408, "The request did not come in time"),
  CONFLICT(409, "What there is stands against it"),
  OUT_OF_CHAIN(409, "The changes do not follow the last accepted ones"),
  IDEMPOTENCY_RUNNING(409, "The first request with this Idempotency-Key is still running"),
  GONE(410, "The subscription has ended"),
  PRECONDITION_FAILED(412, "The current ETag is another"),
  TOO_LARGE(413, "The body is larger than the limit"),
  URI_TOO_LONG(414, "The request line is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body has a media type that is not taken here"),
  IDEMPOTENCY_KEY_REUSED(422, "This Idempotency-Key was used with another body"),
  CONTENT_REFUSED(422, "The database refuses this content"),
  CALLBACK_FORBIDDEN(422, "The callback points where deliveries may not go"),
  LAGGING(429, "Deliveries lag too far behind; try again later"),
  TOO_MANY_REQUESTS(429, "The tenant pushes more than it may; try again later"),
  TOO_MANY_CONNECTIONS(429, "This address has too many connections open"),
  HEADERS_TOO_LARGE(431, "The header fields are too large or too many"),
  INTERNAL(500, "A defect of the broker; the request id finds it in the log"),
  UNAVAILABLE(503, "The database is away, full or too slow; nothing was accepted"),
  NODE_FULL(503, "The node has as many connections open as it takes"),
  VERSION_NOT_SUPPORTED(505, "HTTP/1.1 is spoken here"),
  LOOP(508, "A delivery of this broker was posted back to it");

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
