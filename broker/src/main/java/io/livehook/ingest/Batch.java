package io.livehook.ingest;

import io.livehook.http.Bodies;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.lane.Submission;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.resource.Values;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one request. Reads on only while there is room: so many lines, and so many bytes of
 * bodies, are on their way at once. A deletion waits for the lines before it and holds up those
 * after it, since whether there is a value depends on them. The results are sent at the end, in
 * line order, so that a caller who reads only after writing does not lock up.
 */
final class Batch {
  private static final int LINES = 50_000;
  private static final int UNDER_WAY = 512;
  private static final int BYTES_UNDER_WAY = 4 << 20;

  private final Exchange exchange;
  private final ResourceNames names;
  private final Values values;
  private final Lanes lanes;
  private final int bodyLimit;
  private final LineSplitter splitter;

  /** Results by line; null while under way. */
  private final List<@Nullable String> results = new ArrayList<>();

  /** Lines that a deletion, or want of room, holds up. */
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  private int underWay;
  private long bytesUnderWay;
  private boolean deleting;

  /** A verdict may come in the same turn: the loop is already running. */
  private boolean going;

  private boolean ended;
  private boolean full;

  private record Waiting(int line, ResourceName name, BatchLine content) {}

  Batch(Exchange exchange, ResourceNames names, Values values, Lanes lanes, int bodyLimit) {
    this.exchange = exchange;
    this.names = names;
    this.values = values;
    this.lanes = lanes;
    this.bodyLimit = bodyLimit;
    // Base64 takes a third more, escapes in JSON up to six times as much for the odd character.
    this.splitter = new LineSplitter(2 * bodyLimit + (64 << 10), this::line, this::tooLong);
  }

  void start() {
    exchange.takesItsTime();
    exchange
        .request()
        .handler(splitter::add)
        .endHandler(
            end -> {
              splitter.end();
              ended = true;
              goOn();
            });
    Bodies.goOn(exchange);
    exchange.resume();
  }

  // --- reading ---

  private void line(byte[] bytes) {
    int line = next();
    if (line < 0) {
      return;
    }
    BatchLine content = BatchLine.read(bytes);
    List<Fault> faults = new ArrayList<>(content.faults());
    ResourceName name = name(content, faults);
    if (!faults.isEmpty() || name == null) {
      refuse(line, Problem.faults(faults));
    } else if (content.body().length > bodyLimit) {
      refuse(line, Bodies.tooLarge(bodyLimit));
    } else {
      waiting.add(new Waiting(line, name, content));
      goOn();
    }
  }

  private void tooLong() {
    int line = next();
    if (line >= 0) {
      refuse(line, Bodies.tooLarge(bodyLimit));
    }
  }

  /** The index of a line's result, or -1: there are too many. */
  private int next() {
    if (full) {
      return -1;
    }
    results.add(null);
    int line = results.size() - 1;
    if (line >= LINES) {
      full = true;
      String detail = "At most %d lines in a request; this and further ones were not read.";
      refuse(line, Problem.of(ProblemKind.TOO_LARGE, detail.formatted(LINES)));
      return -1;
    }
    return line;
  }

  private @Nullable ResourceName name(BatchLine content, List<Fault> faults) {
    if (content.resource().isEmpty() && !faults.isEmpty()) {
      return null;
    }
    return switch (names.ofUri("/resource", exchange.tenant(), content.resource())) {
      case ResourceNames.Parsed.Named(ResourceName named) -> named;
      case ResourceNames.Parsed.Faulty(List<Fault> more) -> {
        faults.addAll(more);
        yield null;
      }
      case ResourceNames.Parsed.Alias alias -> throw new IllegalStateException("not a key");
    };
  }

  // --- submitting ---

  private void goOn() {
    if (going) {
      return;
    }
    going = true;
    while (!waiting.isEmpty() && room(waiting.element())) {
      submit(waiting.remove());
    }
    going = false;
    if (waiting.isEmpty()) {
      exchange.resume();
    } else {
      exchange.pause();
    }
    if (ended && waiting.isEmpty() && underWay == 0) {
      answer();
    }
  }

  private void submit(Waiting next) {
    deleting = next.content().deleted();
    if (deleting) {
      track(next, () -> delete(next));
    } else {
      Head head = next.content().head();
      track(next, () -> lanes.submit(ValuePush.value(next.name(), head, next.content().body())));
    }
  }

  private boolean room(Waiting next) {
    return !deleting
        && underWay < UNDER_WAY
        && bytesUnderWay < BYTES_UNDER_WAY
        && (!next.content().deleted() || underWay == 0);
  }

  private Future<Verdict> delete(Waiting next) {
    Head head = next.content().head();
    Submission.Push deletion = ValuePush.deletion(next.name(), head);
    return values
        .deletable(next.name(), head.idempotencyKey())
        .compose(
            deletable ->
                deletable
                    ? lanes.submit(deletion)
                    : Future.succeededFuture(new Verdict.NotFound()));
  }

  private void track(Waiting next, Supplier<Future<Verdict>> work) {
    int bytes = next.content().body().length;
    underWay++;
    bytesUnderWay += bytes;
    work.get()
        .onComplete(
            verdict -> {
              underWay--;
              bytesUnderWay -= bytes;
              deleting = false;
              if (verdict.succeeded()) {
                record(next, verdict.result());
              } else {
                refuse(next.line(), exchange.problemOf(verdict.cause()));
              }
              goOn();
            });
  }

  // --- answering ---

  private void record(Waiting next, Verdict verdict) {
    if (verdict instanceof Verdict.Accepted accepted) {
      int status = accepted.created() && !next.content().deleted() ? 201 : 200;
      results.set(
          next.line(),
          "{\"line\":%d,\"status\":%d,\"id\":\"%s\"%s}\n"
              .formatted(
                  next.line() + 1,
                  status,
                  Ids.message(accepted.update()),
                  accepted.replayed() ? ",\"replayed\":true" : ""));
    } else {
      refuse(next.line(), VerdictProblems.of(verdict));
    }
  }

  private void refuse(int line, Problem problem) {
    JsonObject result =
        new JsonObject().put("line", line + 1).put("status", problem.kind().status());
    if (problem.retryAfterSeconds() > 0) {
      result.put("retry_after", problem.retryAfterSeconds());
    }
    result.put("error", problem.json(exchange.baseUrl(), exchange.requestId()));
    results.set(line, result.encode() + "\n");
  }

  private void answer() {
    ended = false;
    if (results.isEmpty()) {
      exchange.problem(
          Problem.faults(List.of(new Fault("", "empty", "one JSON object on each line"))));
      return;
    }
    Buffer lines = Buffer.buffer();
    results.forEach(lines::appendString);
    exchange.put(HttpHeaders.CONTENT_TYPE, "application/x-ndjson");
    exchange.end(200, lines);
  }
}
