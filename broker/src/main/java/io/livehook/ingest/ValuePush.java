package io.livehook.ingest;

import io.livehook.http.Bodies;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.lane.Submission;
import io.livehook.lane.Submission.ChangesIds;
import io.livehook.lane.UpdateKind;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.resource.Discovery;
import io.livehook.resource.ETags;
import io.livehook.resource.ResourceName;
import io.livehook.resource.Value;
import io.livehook.resource.ValueAnswers;
import io.livehook.resource.Values;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT} and {@code DELETE} of a resource by its origin (PUSH-1, PUSH-2). The PUT is the hot
 * path: from a known key and resource to the lane it asks nobody. One per event loop.
 */
public final class ValuePush {
  static final CharSequence UPDATE = HttpHeaders.createOptimized("livehook-update");
  static final CharSequence REPLAYED = HttpHeaders.createOptimized("idempotent-replayed");
  static final CharSequence CONTENT_DIGEST = HttpHeaders.createOptimized("content-digest");
  private static final byte[] NOTHING = {};

  private final ValueAnswers resources;
  private final Values values;
  private final Lanes lanes;
  private final int bodyLimit;

  public ValuePush(ValueAnswers resources, Values values, Lanes lanes, int bodyLimit) {
    this.resources = resources;
    this.values = values;
    this.lanes = lanes;
    this.bodyLimit = bodyLimit;
  }

  // --- PUT ---

  public void put(Exchange exchange) {
    resources.named(exchange, name -> put(exchange, name));
  }

  private void put(Exchange exchange, ResourceName name) {
    List<Fault> faults = new ArrayList<>(0);
    Head head = Head.ofValue(exchange, faults);
    ChangesIds changes = ChangesHead.ofValue(exchange, faults);
    if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    ifMatches(
        exchange,
        name,
        () ->
            Bodies.collect(
                exchange, bodyLimit, body -> submit(exchange, name, head, changes, body)));
  }

  /** {@code If-Match} is looked at when it is given; two that write at once may both pass. */
  private void ifMatches(Exchange exchange, ResourceName name, Runnable then) {
    String tags = exchange.header(HttpHeaders.IF_MATCH);
    if (tags == null) {
      then.run();
      return;
    }
    exchange.pause();
    exchange.failing(
        values
            .current(name, false)
            .onSuccess(
                value -> {
                  if (ETags.listed(
                      tags, value.filter(Value::present).map(Value::etag).orElse(null))) {
                    then.run();
                  } else {
                    exchange.problem(
                        Problem.of(ProblemKind.PRECONDITION_FAILED, "If-Match does not hold."));
                  }
                }));
  }

  private void submit(
      Exchange exchange, ResourceName name, Head head, ChangesIds changes, byte[] body) {
    List<Fault> faults = ContentDigest.faults(exchange.header(CONTENT_DIGEST), body);
    if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(ProblemKind.DIGEST_MISMATCH, faults));
      return;
    }
    Submission.Push push = value(name, head, changes, body);
    lanes
        .submit(push)
        .onSuccess(verdict -> answer(exchange, name, push.etag, verdict))
        .onFailure(exchange::fail);
  }

  static Submission.Push value(ResourceName name, Head head, byte[] body) {
    return value(name, head, ChangesIds.NONE, body);
  }

  private static Submission.Push value(
      ResourceName name, Head head, ChangesIds changes, byte[] body) {
    return push(
        UpdateKind.VALUE,
        name,
        head,
        changes,
        new Submission.Representation(
            ETags.of(head.etag(), body), head.contentType(), head.headers(), body));
  }

  static Submission.Push deletion(ResourceName name, Head head) {
    return push(
        UpdateKind.DELETED,
        name,
        head,
        ChangesIds.NONE,
        new Submission.Representation(null, null, null, NOTHING));
  }

  static Submission.Push push(
      UpdateKind kind,
      ResourceName name,
      Head head,
      ChangesIds changes,
      Submission.Representation value) {
    String key = head.idempotencyKey();
    return new Submission.Push(
        name.tenant(),
        name.uri(),
        name.lane(),
        kind,
        value,
        changes,
        key,
        key == null
            ? null
            : IdempotencyKey.bodyHash(kind.code(), name, head, changes, value.body()));
  }

  // --- DELETE ---

  public void delete(Exchange exchange) {
    resources.named(exchange, name -> delete(exchange, name));
  }

  private void delete(Exchange exchange, ResourceName name) {
    List<Fault> faults = new ArrayList<>(0);
    Head head = Head.ofDeletion(exchange, faults);
    if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    ifMatches(exchange, name, () -> deleteExisting(exchange, name, head));
  }

  private void deleteExisting(Exchange exchange, ResourceName name, Head head) {
    exchange.failing(
        values
            .deletable(name, head.idempotencyKey())
            .compose(
                deletable ->
                    deletable && !exchange.over()
                        ? lanes.submit(deletion(name, head))
                        : io.vertx.core.Future.succeededFuture(new Verdict.NotFound()))
            .onSuccess(verdict -> answer(exchange, name, null, verdict)));
  }

  // --- the answer, sent only after the update is durable ---

  private static void answer(
      Exchange exchange, ResourceName name, @Nullable String etag, Verdict verdict) {
    if (verdict instanceof Verdict.Accepted accepted) {
      accepted(exchange, name, etag, accepted);
    } else if (verdict instanceof Verdict.NotFound) {
      exchange.problem(
          Problem.of(ProblemKind.NOT_FOUND, "The resource has no value to be deleted."));
    } else {
      exchange.problem(VerdictProblems.of(verdict));
    }
  }

  private static void accepted(
      Exchange exchange, ResourceName name, @Nullable String etag, Verdict.Accepted accepted) {
    String id = Ids.message(accepted.update());
    exchange.put(UPDATE, id);
    if (accepted.collection()) {
      ChangesPush.standsAt(exchange, name, etag == null, accepted.update());
    } else {
      exchange.links(name.links());
    }
    Discovery.put(exchange);
    boolean created = etag != null && accepted.created();
    if (etag != null) {
      exchange.put(HttpHeaders.ETAG, etag);
    }
    if (created) {
      exchange.put(HttpHeaders.LOCATION, name.self());
    }
    if (accepted.replayed()) {
      exchange.put(REPLAYED, "true");
    }
    if (exchange.prefersMinimal()) {
      exchange.minimal(created ? 201 : 204);
    } else {
      exchange.json(created ? 201 : 200, json(id, name, etag));
    }
  }

  /** Written by hand: it is the hot path. Neither id nor tag needs escapes but the quotes. */
  private static Buffer json(String id, ResourceName name, @Nullable String etag) {
    StringBuilder json = new StringBuilder(128 + name.json().length());
    json.append("{\"id\":\"").append(id).append("\",\"resource\":").append(name.json());
    if (etag == null) {
      json.append(",\"deleted\":true");
    } else {
      json.append(",\"etag\":\"");
      for (int i = 0; i < etag.length(); i++) {
        char each = etag.charAt(i);
        if (each == '"' || each == '\\') {
          json.append('\\');
        }
        json.append(each);
      }
      json.append('"');
    }
    return Buffer.buffer(json.append('}').toString());
  }
}
