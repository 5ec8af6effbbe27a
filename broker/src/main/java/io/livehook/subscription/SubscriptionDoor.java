package io.livehook.subscription;

import io.livehook.delivery.DeliveryForm;
import io.livehook.http.Bodies;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.ingest.VerdictProblems;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.lane.Verdict;
import io.livehook.platform.Ids;
import io.livehook.resource.ETags;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.subscription.SubscriptionRows.Standing;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/subscriptions} where it changes something: the JSON door of the subscriptions that
 * the collections have too. One per event loop.
 */
public final class SubscriptionDoor {
  private static final int BODY_LIMIT = 64 << 10;
  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  /** So often a PATCH is put together anew because another one came in between. */
  private static final int TRIES = 5;

  /** Of the path {@code /api/v1/subscriptions/id}. */
  private static final int ID = 3;

  private final SubscriptionRows rows;
  private final ResourceNames names;
  private final SubscriptionChanges changes;

  public SubscriptionDoor(SubscriptionRows rows, ResourceNames names, SubscriptionChanges changes) {
    this.rows = rows;
    this.names = names;
    this.changes = changes;
  }

  // --- POST ---

  public void post(Exchange exchange) {
    if (takes(exchange, Set.of(JSON))) {
      Bodies.collect(exchange, BODY_LIMIT, body -> subscribe(exchange, changes.wishOfApi(body)));
    }
  }

  private static boolean takes(Exchange exchange, Set<String> types) {
    boolean taken =
        types.contains(SubscriptionCollection.mediaType(exchange.header(HttpHeaders.CONTENT_TYPE)));
    if (!taken) {
      Fault fault = new Fault("header/Content-Type", "unsupported", "send " + JSON);
      exchange.problem(Problem.faults(ProblemKind.UNSUPPORTED_MEDIA_TYPE, List.of(fault)));
    }
    return taken;
  }

  private void subscribe(Exchange exchange, Wish wish) {
    List<Fault> faults = new ArrayList<>(wish.faults());
    ResourceName name = wish.readable() ? resource(exchange, wish.resource(), faults) : null;
    if (name == null || !faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
    } else {
      changes.subscribe(exchange, Door.API, name, wish);
    }
  }

  private @Nullable ResourceName resource(
      Exchange exchange, @Nullable String uri, List<Fault> faults) {
    if (uri == null) {
      faults.add(
          new Fault("/resource", "missing", "resource is the URI whose updates are delivered"));
      return null;
    }
    return switch (names.ofUri("/resource", exchange.tenant(), uri)) {
      case ResourceNames.Parsed.Named(ResourceName name) -> name;
      case ResourceNames.Parsed.Faulty(var wrong) -> {
        faults.addAll(wrong);
        yield null;
      }
      case ResourceNames.Parsed.Alias alias ->
          throw new IllegalStateException("a URI is no alias: " + alias);
    };
  }

  // --- PATCH ---

  public void patch(Exchange exchange) {
    alias(exchange)
        .ifPresentOrElse(
            alias -> patch(exchange, Door.API, alias), () -> exchange.problem(unknown()));
  }

  /** As any of the doors has it: the answer is shown as there. */
  void patch(Exchange exchange, Door door, UUID alias) {
    if (takes(exchange, Set.of(JSON, MERGE_PATCH))) {
      Bodies.collect(
          exchange, BODY_LIMIT, body -> amend(exchange, door, Amendment.ofJson(body), alias));
    }
  }

  private void amend(Exchange exchange, Door door, Amendment amendment, UUID alias) {
    if (!amendment.faults().isEmpty()) {
      exchange.problem(Problem.faults(amendment.faults()));
    } else {
      amend(exchange, new Asked(door, amendment), alias, TRIES);
    }
  }

  /** What is to be changed, and at which of the doors it was asked. */
  private record Asked(Door door, Amendment amendment) {}

  private void amend(Exchange exchange, Asked asked, UUID alias, int tries) {
    exchange.failing(
        rows.standing(Sight.of(exchange), alias)
            .onSuccess(
                found ->
                    found.ifPresentOrElse(
                        standing -> amend(exchange, asked, standing, tries),
                        () -> exchange.problem(unknown()))));
  }

  private void amend(Exchange exchange, Asked asked, Standing standing, int tries) {
    SubscriptionRow row = standing.row();
    List<Fault> faults = asked.amendment().faults(row);
    String tags = exchange.header(HttpHeaders.IF_MATCH);
    if (exchange.over()) {
      return;
    }
    if (row.ended()) {
      exchange.problem(SubscriptionCollection.gone(row));
    } else if (tags != null && !ETags.listed(tags, row.etag())) {
      exchange.problem(Problem.of(ProblemKind.PRECONDITION_FAILED, "If-Match does not hold."));
    } else if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
    } else if (tries == 0) {
      exchange.problem(
          Problem.of(ProblemKind.CONFLICT, "Others change it all the time; nothing was done."));
    } else {
      change(exchange, asked.amendment(), standing)
          .ifPresentOrElse(
              change ->
                  exchange.failing(
                      change.onSuccess(verdict -> amended(exchange, asked, row, verdict, tries))),
              () -> exchange.json(200, asked.door().show(exchange, row)));
    }
  }

  /** Empty when it is already as it should be. */
  private Optional<Future<Verdict>> change(
      Exchange exchange, Amendment amendment, Standing standing) {
    Boolean hold = amendment.hold();
    if (hold != null) {
      return hold == standing.row().hold()
          ? Optional.empty()
          : Optional.of(changes.hold(exchange, standing.row(), hold));
    }
    SubscriptionOptions before = standing.options();
    SubscriptionOptions options = amendment.from(before);
    boolean keys = amendment.choice().touchesKeys(DeliveryForm.parse(before.form()));
    return options.equals(before) && !keys
        ? Optional.empty()
        : Optional.of(changes.change(exchange, standing, amendment.choice(), options));
  }

  /** Not found as it stood: it has ended or been changed meanwhile, which is read again. */
  private void amended(
      Exchange exchange, Asked asked, SubscriptionRow row, Verdict verdict, int tries) {
    switch (verdict) {
      case Verdict.Subscribed changed -> answer(exchange, asked.door(), row);
      case Verdict.Done done -> answer(exchange, asked.door(), row);
      case Verdict.NotFound other -> amend(exchange, asked, row.publicId(), tries - 1);
      default -> exchange.problem(VerdictProblems.of(verdict));
    }
  }

  private void answer(Exchange exchange, Door door, SubscriptionRow row) {
    exchange.failing(
        rows.byAlias(Sight.of(exchange), row.publicId())
            .onSuccess(now -> exchange.json(200, door.show(exchange, now.orElseThrow()))));
  }

  // --- DELETE ---

  public void delete(Exchange exchange) {
    Optional<UUID> alias = alias(exchange);
    if (alias.isEmpty()) {
      exchange.problem(unknown());
      return;
    }
    exchange.failing(
        rows.byAlias(Sight.of(exchange), alias.get())
            .onSuccess(
                found ->
                    found.ifPresentOrElse(
                        row -> changes.unsubscribe(exchange, Door.API, row),
                        () -> exchange.problem(unknown()))));
  }

  private static Optional<UUID> alias(Exchange exchange) {
    return Ids.parse(Ids.Kind.SUBSCRIPTION, exchange.segment(ID));
  }

  private static Problem unknown() {
    return Problem.of(ProblemKind.NOT_FOUND, "No such subscription; its id is its alias, sub_….");
  }
}
