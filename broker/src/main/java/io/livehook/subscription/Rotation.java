package io.livehook.subscription;

import io.livehook.http.Bodies;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.ingest.VerdictProblems;
import io.livehook.lane.Verdict;
import io.livehook.platform.Ids;
import io.livehook.platform.Secret;
import io.livehook.security.Keyring;
import io.livehook.subscription.SubscriptionRows.Standing;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST …/subscriptions/{sub_id}/rotate}: new keys, that hold for every attempt that starts
 * after the answer; those before stay valid beside them for a while, those before them end. One per
 * event loop.
 */
public final class Rotation {
  private static final int BODY_LIMIT = 4 << 10;
  private static final String OVERLAP = "overlap_seconds";
  private static final String SECRET = "secret";
  private static final long DEFAULT_OVERLAP = 86_400;
  private static final long LONGEST_OVERLAP = 7 * 86_400;

  /** So often it is tried anew because another change came in between. */
  private static final int TRIES = 5;

  private final SubscriptionRows rows;
  private final SubscriptionChanges changes;
  private final Keyrings keyrings;

  public Rotation(SubscriptionRows rows, SubscriptionChanges changes, Keyrings keyrings) {
    this.rows = rows;
    this.changes = changes;
    this.keyrings = keyrings;
  }

  /** What is asked for, and at which door. */
  private record Asked(Door door, UUID alias, @Nullable Secret secret, long overlap) {}

  /** At {@code /{tenant}/subscriptions/{id}/rotate}. */
  public void atAlias(Exchange exchange) {
    post(exchange, Door.COLLECTION, exchange.segment(2));
  }

  /** At {@code /api/v1/subscriptions/{id}/rotate}. */
  public void atApi(Exchange exchange) {
    post(exchange, Door.API, exchange.segment(3));
  }

  private void post(Exchange exchange, Door door, String id) {
    Bodies.collect(exchange, BODY_LIMIT, body -> read(exchange, door, id, body));
  }

  private void read(Exchange exchange, Door door, String id, byte[] body) {
    String type = SubscriptionCollection.mediaType(exchange.header(HttpHeaders.CONTENT_TYPE));
    if (body.length > 0 && !type.equals("application/json")) {
      Fault fault = new Fault("header/Content-Type", "unsupported", "send application/json");
      exchange.problem(Problem.faults(ProblemKind.UNSUPPORTED_MEDIA_TYPE, List.of(fault)));
      return;
    }
    byte[] json = body.length == 0 ? new byte[] {'{', '}'} : body;
    Given given = Given.ofJson(json, Set.of(OVERLAP, SECRET), Set.of());
    long overlap = overlap(given);
    String secret = given.get(SECRET);
    String fault = secret == null ? null : SecretText.fault(secret);
    if (fault != null) {
      given.fault(SECRET, "value", fault);
    }
    Optional<UUID> alias = Ids.parse(Ids.Kind.SUBSCRIPTION, id);
    if (!given.faults().isEmpty()) {
      exchange.problem(Problem.faults(given.faults()));
    } else if (alias.isEmpty()) {
      exchange.problem(SubscriptionCollection.unknown());
    } else {
      Secret chosen = secret == null ? null : new Secret(secret);
      rotate(exchange, new Asked(door, alias.get(), chosen, overlap), TRIES);
    }
  }

  private static long overlap(Given given) {
    String text = given.get(OVERLAP);
    if (text == null) {
      return DEFAULT_OVERLAP;
    }
    if (!text.matches("[0-9]{1,6}") || Long.parseLong(text) > LONGEST_OVERLAP) {
      given.fault(OVERLAP, "value", OVERLAP + " is a number from 0 to " + LONGEST_OVERLAP);
      return 0;
    }
    return Long.parseLong(text);
  }

  private void rotate(Exchange exchange, Asked asked, int tries) {
    if (exchange.over()) {
      return;
    }
    exchange.failing(
        rows.standing(Sight.of(exchange), asked.alias())
            .onSuccess(
                found ->
                    found.ifPresentOrElse(
                        standing -> rotate(exchange, asked, standing, tries),
                        () -> exchange.problem(SubscriptionCollection.unknown()))));
  }

  private void rotate(Exchange exchange, Asked asked, Standing standing, int tries) {
    if (standing.row().ended()) {
      exchange.problem(SubscriptionCollection.gone(standing.row()));
    } else if (tries == 0) {
      exchange.problem(
          Problem.of(ProblemKind.CONFLICT, "Others change it all the time; nothing was done."));
    } else {
      exchange.failing(
          keyrings
              .rotated(
                  changes.place(exchange, standing),
                  standing.options(),
                  asked.secret(),
                  standing.now(),
                  asked.overlap() * 1_000)
              .onSuccess(kept -> submit(exchange, asked, standing, kept, tries)));
    }
  }

  private void submit(
      Exchange exchange, Asked asked, Standing standing, Keyrings.Sealed kept, int tries) {
    if (exchange.over()) {
      return;
    }
    exchange.failing(
        changes
            .change(exchange, standing, standing.options().withSecret(kept.stored()))
            .onSuccess(verdict -> rotated(exchange, asked, kept.ring(), verdict, tries)));
  }

  /** Not found as it stood: ended or changed meanwhile, which is read again. */
  private void rotated(Exchange exchange, Asked asked, Keyring ring, Verdict verdict, int tries) {
    switch (verdict) {
      case Verdict.Subscribed changed -> answer(exchange, asked, ring);
      case Verdict.NotFound other -> rotate(exchange, asked, tries - 1);
      default -> exchange.problem(VerdictProblems.of(verdict));
    }
  }

  private void answer(Exchange exchange, Asked asked, Keyring ring) {
    exchange.failing(
        rows.byAlias(Sight.of(exchange), asked.alias())
            .onSuccess(
                row ->
                    exchange.json(
                        200,
                        SubscriptionChanges.withSecret(
                            asked.door().show(exchange, row.orElseThrow()), ring))));
  }
}
