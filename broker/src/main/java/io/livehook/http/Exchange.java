package io.livehook.http;

import io.livehook.security.Caller;
import io.livehook.security.Tenant;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. Lives on the event loop of its connection. */
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence LINK = HttpHeaders.createOptimized("link");
  private static final CharSequence PREFERENCE_APPLIED =
      HttpHeaders.createOptimized("preference-applied");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** So many bytes of a refused body are read and dropped before the connection is closed. */
  private static final int DISCARDED = 1 << 20;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Patience patience;
  private final Patience.Wait wait = new Patience.Wait(this::late);
  private final String baseUrl;
  private final String requestId;
  private final String[] path;
  private @Nullable Caller caller;
  private @Nullable Tenant tenant;
  private @Nullable Runnable onEnd;
  private int discarded;
  private boolean paused;
  private boolean unhurried;

  /** The head of a request is there; from now on it waits for us. */
  public Exchange(
      HttpServerRequest request,
      Patience patience,
      String baseUrl,
      String requestId,
      String[] path) {
    this.request = request;
    this.response = request.response();
    this.patience = patience;
    this.baseUrl = baseUrl;
    this.requestId = requestId;
    this.path = path;
    response.putHeader(REQUEST_ID, requestId);
    patience.start(wait);
  }

  // --- the question ---

  public HttpServerRequest request() {
    return request;
  }

  public String baseUrl() {
    return baseUrl;
  }

  public String requestId() {
    return requestId;
  }

  /** A segment of the path as it came, not decoded. */
  public String segment(int index) {
    return path[index];
  }

  public @Nullable String header(CharSequence name) {
    return request.getHeader(name);
  }

  public Fields query() {
    return Fields.parse("query/", request.query());
  }

  public boolean is(HttpMethod method) {
    return request.method().equals(method);
  }

  /** {@code Prefer: return=minimal}. */
  public boolean prefersMinimal() {
    String prefer = header("prefer");
    return prefer != null && prefer.replace(" ", "").contains("return=minimal");
  }

  /** Nothing of the body comes until {@link #resume}. */
  public void pause() {
    if (!paused) {
      paused = true;
      request.pause();
    }
  }

  /** Costs nothing when the body was not paused: the client's own costs a task. */
  public void resume() {
    if (paused) {
      paused = false;
      request.resume();
    }
  }

  public void authenticated(Caller by, Tenant actingIn) {
    this.caller = by;
    this.tenant = actingIn;
  }

  /** Without a key: it may see what is open to anyone. */
  public void visits(Tenant asksFor) {
    this.tenant = asksFor;
  }

  public boolean visiting() {
    return caller == null;
  }

  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("this route asks for no key");
    }
    return caller;
  }

  /** The tenant the request acts in. */
  public Tenant tenant() {
    if (tenant == null) {
      throw new IllegalStateException("this route asks for no key");
    }
    return tenant;
  }

  // --- how long the database may take ---

  /** Its sender, or somebody else than the database, is waited for: that does not count. */
  public void rests() {
    patience.rest(wait);
  }

  /** The database is waited for again. */
  public void goesOn() {
    if (!unhurried && !over()) {
      patience.start(wait);
    }
  }

  /** It keeps limits of its own from here on. */
  public void takesItsTime() {
    unhurried = true;
    patience.end(wait);
  }

  /** The answer has been given, or nobody is there for it: nothing more is to be done. */
  public boolean over() {
    return response.ended() || response.closed();
  }

  private void late() {
    if (over()) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("request", requestId)
        .addKeyValue("method", request.method())
        .log("database did not answer in time; answered 503");
    boolean reads = is(HttpMethod.GET) || is(HttpMethod.HEAD);
    problem(Failures.late(reads));
  }

  /** Runs once, when the answer has been given or the connection is gone. */
  public void onEnd(Runnable then) {
    onEnd = then;
    response.closeHandler(closed -> finished());
  }

  private void finished() {
    Runnable then = onEnd;
    onEnd = null;
    if (then != null) {
      then.run();
    }
  }

  // --- the answer ---

  /** A header field of the answer; nothing when the answer has been given meanwhile. */
  public void put(CharSequence name, CharSequence value) {
    if (!over()) {
      response.putHeader(name, value);
    }
  }

  /** Tells a caller that waits for it to send the body. */
  void writeContinue() {
    failing(response.writeContinue());
  }

  public void json(int status, JsonObject body) {
    json(status, body.toBuffer());
  }

  public void json(int status, JsonArray body) {
    json(status, body.toBuffer());
  }

  public void json(int status, Buffer body) {
    put(HttpHeaders.CONTENT_TYPE, JSON);
    end(status, body);
  }

  /** {@code Prefer: return=minimal} was honoured. */
  public void minimal(int status) {
    put(PREFERENCE_APPLIED, "return=minimal");
    end(status, null);
  }

  public void links(List<CharSequence> links) {
    if (!over()) {
      response.putHeader(LINK, links);
    }
  }

  public void end(int status, @Nullable Buffer body) {
    if (over()) {
      return;
    }
    patience.end(wait);
    response.setStatusCode(status);
    finished();
    ignore(body == null || is(HttpMethod.HEAD) ? response.end() : response.end(body));
    discardRest();
  }

  public void problem(Problem problem) {
    if (over()) {
      return;
    }
    Buffer body = problem.json(baseUrl, requestId).toBuffer();
    response.putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (is(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    }
    if (problem.retryAfterSeconds() > 0) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
    }
    if (problem.kind() == ProblemKind.UNAUTHORIZED) {
      response.putHeader("www-authenticate", "Bearer realm=\"livehook\"");
    }
    end(problem.kind().status(), body);
  }

  /** Answers 503 when the database is away, 500 for anything else that was not foreseen. */
  public void fail(Throwable failure) {
    if (over() && Failures.away(failure)) {
      return; // said already
    }
    problem(problemOf(failure));
  }

  /** The same as a problem, logged. */
  public Problem problemOf(Throwable failure) {
    Problem problem = Failures.problem(failure);
    if (problem.kind() == ProblemKind.INTERNAL) {
      LOG.atError()
          .addKeyValue("request", requestId)
          .addKeyValue("method", request.method())
          .setCause(failure)
          .log("request failed by a defect; answered 500");
    } else {
      LOG.atWarn()
          .addKeyValue("request", requestId)
          .addKeyValue("why", failure.toString())
          .log("database did not answer; answered 503");
    }
    return problem;
  }

  /** Makes the end of a future this exchange's, if it fails. */
  public void failing(Future<?> work) {
    ignore(work.onFailure(this::fail));
  }

  /** What is still to come of the body is dropped, up to a bound; then the connection goes. */
  private void discardRest() {
    if (!request.isEnded()) {
      request.handler(
          chunk -> {
            discarded += chunk.length();
            if (discarded > DISCARDED) {
              ignore(request.connection().close());
            }
          });
      resume();
    }
  }

  private static void ignore(Future<?> written) {
    written.onFailure(gone -> LOG.debug("caller was gone: {}", gone.toString()));
  }
}
