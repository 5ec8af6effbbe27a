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
import io.livehook.resource.ResourceName;
import io.livehook.resource.ValueAnswers;
import io.livehook.resource.Values;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST …/resources/{key}/changes}: what has changed in a collection, as its origin says it,
 * any media type, kept as it is (PUSH-3). The first makes the collection; each later one names the
 * one before, or is refused with the id it should have named. One per event loop.
 */
public final class ChangesPush {
  private final ValueAnswers resources;
  private final Values values;
  private final Lanes lanes;
  private final int bodyLimit;

  public ChangesPush(ValueAnswers resources, Values values, Lanes lanes, int bodyLimit) {
    this.resources = resources;
    this.values = values;
    this.lanes = lanes;
    this.bodyLimit = bodyLimit;
  }

  public void post(Exchange exchange) {
    resources.named(exchange, name -> post(exchange, name));
  }

  private void post(Exchange exchange, ResourceName name) {
    List<Fault> faults = new ArrayList<>(0);
    Head head = Head.ofValue(exchange, faults);
    ChangesIds ids = ChangesHead.ofChanges(exchange, faults);
    if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    Bodies.collect(exchange, bodyLimit, body -> submit(exchange, name, head, ids, body));
  }

  private void submit(
      Exchange exchange, ResourceName name, Head head, ChangesIds ids, byte[] body) {
    List<Fault> faults = ContentDigest.faults(exchange.header(ValuePush.CONTENT_DIGEST), body);
    if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(ProblemKind.DIGEST_MISMATCH, faults));
      return;
    }
    var representation =
        new Submission.Representation(null, head.contentType(), head.headers(), body);
    Submission.Push push = ValuePush.push(UpdateKind.CHANGES, name, head, ids, representation);
    exchange.failing(
        lanes
            .submit(push)
            .compose(verdict -> orStored(name, push, verdict))
            .onSuccess(verdict -> answer(exchange, name, verdict)));
  }

  /** Out of the chain because it has been accepted before: its key tells. */
  private Future<Verdict> orStored(ResourceName name, Submission.Push push, Verdict verdict) {
    String key = push.idempotencyKey;
    if (!(verdict instanceof Verdict.OutOfChain) || key == null) {
      return Future.succeededFuture(verdict);
    }
    return values.stored(name, key).map(stored -> stored(stored, push, verdict));
  }

  private static Verdict stored(
      Values.@Nullable Stored stored, Submission.Push push, Verdict otherwise) {
    if (stored == null) {
      return otherwise;
    }
    return Arrays.equals(stored.bodyHash(), push.bodyHash)
        ? new Verdict.Accepted(stored.update(), false, true, true)
        : new Verdict.KeyReused();
  }

  private static void answer(Exchange exchange, ResourceName name, Verdict verdict) {
    if (verdict instanceof Verdict.Accepted accepted) {
      accepted(exchange, name, accepted);
      return;
    }
    if (verdict instanceof Verdict.OutOfChain(String last)) {
      exchange.put(ChangesHead.PREVIOUS_CHANGES_ID, last);
    }
    exchange.problem(VerdictProblems.of(verdict));
  }

  private static void accepted(Exchange exchange, ResourceName name, Verdict.Accepted accepted) {
    String id = Ids.message(accepted.update());
    exchange.put(ValuePush.UPDATE, id);
    standsAt(exchange, name, false, accepted.update());
    Discovery.put(exchange);
    int status = accepted.created() ? 201 : 200;
    if (accepted.created()) {
      exchange.put(HttpHeaders.LOCATION, name.self());
    }
    if (accepted.replayed()) {
      exchange.put(ValuePush.REPLAYED, "true");
    }
    if (exchange.prefersMinimal()) {
      exchange.minimal(accepted.created() ? 201 : 204);
    } else {
      exchange.json(
          status,
          new JsonObject()
              .put("id", id)
              .put("resource", name.uri())
              .put("changes_id", Ids.checkpoint(accepted.update())));
    }
  }

  /** A collection's answer says where its chain stands with the update just accepted (DLV-4). */
  static void standsAt(Exchange exchange, ResourceName name, boolean deleted, long update) {
    exchange.links(deleted ? name.collectionLinks() : name.linksAt(update));
    exchange.put(Discovery.CHANGES_ID, Ids.checkpoint(update));
  }
}
