package io.livehook.api;

import io.livehook.http.Exchange;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.ingest.VerdictProblems;
import io.livehook.lane.Submission;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.subscription.SubscriptionChanges;
import io.vertx.core.json.JsonObject;

/** Asks a lane to try a dead letter again. One per event loop. */
final class Redelivery {
  private final ResourceNames names;
  private final Lanes lanes;

  Redelivery(ResourceNames names, Lanes lanes) {
    this.names = names;
    this.lanes = lanes;
  }

  void ask(Exchange exchange, String uri, DeliveryId delivery) {
    if (exchange.over()) {
      return;
    }
    if (!(names.ofUri("resource", exchange.tenant(), uri)
        instanceof ResourceNames.Parsed.Named(ResourceName name))) {
      throw new IllegalStateException("stored under a name that is none: " + uri);
    }
    Submission.Redeliver submission =
        new Submission.Redeliver(
            name.tenant(),
            name.uri(),
            name.lane(),
            delivery.subscription(),
            delivery.update(),
            SubscriptionChanges.actor(exchange));
    exchange.failing(
        lanes.submit(submission).onSuccess(verdict -> answer(exchange, delivery, verdict)));
  }

  private static void answer(Exchange exchange, DeliveryId delivery, Verdict verdict) {
    if (verdict instanceof Verdict.Done) {
      exchange.json(
          202,
          new JsonObject()
              .put("id", delivery.text())
              .put("update", Ids.message(delivery.update()))
              .put("state", "retry"));
    } else if (verdict instanceof Verdict.NotFound) {
      exchange.problem(unknown());
    } else {
      exchange.problem(VerdictProblems.of(verdict));
    }
  }

  static Problem unknown() {
    return Problem.of(
        ProblemKind.NOT_FOUND, "No such dead letter of a subscription that has not ended.");
  }
}
