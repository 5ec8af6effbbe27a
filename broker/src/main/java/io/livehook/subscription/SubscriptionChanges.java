package io.livehook.subscription;

import io.livehook.delivery.CallbackCheck;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.ingest.VerdictProblems;
import io.livehook.lane.EndReason;
import io.livehook.lane.Submission;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.resource.ValueAnswers;
import io.livehook.security.Role;
import io.livehook.security.SigningSecret;
import io.livehook.subscription.SubscriptionRows.Existing;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes and ends subscriptions through their lanes. One per event loop. */
public final class SubscriptionChanges {
  private final SubscriptionRows rows;
  private final ResourceNames names;
  private final Lanes lanes;
  private final Ids ids;
  private final RandomGenerator random;
  private final CallbackCheck callbacks;

  public SubscriptionChanges(
      SubscriptionRows rows,
      ResourceNames names,
      Lanes lanes,
      Ids ids,
      RandomGenerator random,
      CallbackCheck callbacks) {
    this.rows = rows;
    this.names = names;
    this.lanes = lanes;
    this.ids = ids;
    this.random = random;
    this.callbacks = callbacks;
  }

  // --- subscribe ---

  Wish wish(boolean form, byte[] body) {
    return form ? Wish.ofForm(callbacks, body) : Wish.ofJson(callbacks, body);
  }

  void subscribe(Exchange exchange, ResourceName name, Wish wish) {
    if (!wish.forbidden().isEmpty()) {
      refuse(exchange, wish.forbidden());
      return;
    }
    exchange.failing(
        rows.renewable(name, exchange.caller().label(), wish.callback())
            .onSuccess(
                found ->
                    found.ifPresentOrElse(
                        resource -> judge(exchange, name, wish, resource.existing()),
                        () -> exchange.problem(ValueAnswers.unknown()))));
  }

  private static void refuse(Exchange exchange, List<Fault> faults) {
    exchange.problem(Problem.faults(ProblemKind.CALLBACK_FORBIDDEN, faults));
  }

  /** The addresses of a name are judged now, and again at every attempt. */
  private void judge(Exchange exchange, ResourceName name, Wish wish, @Nullable Existing existing) {
    exchange.rests();
    exchange.failing(
        callbacks
            .clean(wish.url())
            .onSuccess(
                clean -> {
                  exchange.goesOn();
                  if (clean) {
                    submit(exchange, name, wish, existing);
                  } else {
                    refuse(exchange, List.of(wish.elsewhere()));
                  }
                }));
  }

  private void submit(
      Exchange exchange, ResourceName name, Wish wish, @Nullable Existing existing) {
    if (exchange.over()) {
      return;
    }
    SubscriptionOptions options = wish.options(SigningSecret.generate(random), existing);
    Submission.Subscribe submission =
        new Submission.Subscribe(
            name.tenant(),
            name.uri(),
            name.lane(),
            exchange.caller().label(),
            ids.next().toString(),
            options,
            wish.secret() != null,
            actor(exchange));
    exchange.failing(
        lanes
            .submit(submission)
            .onSuccess(verdict -> subscribed(exchange, name, options.secret(), verdict)));
  }

  private void subscribed(Exchange exchange, ResourceName name, String secret, Verdict verdict) {
    if (!(verdict instanceof Verdict.Subscribed made)) {
      exchange.problem(
          verdict instanceof Verdict.NotFound
              ? ValueAnswers.unknown()
              : VerdictProblems.of(verdict));
      return;
    }
    exchange.failing(
        rows.byAlias(Sight.of(exchange), UUID.fromString(made.publicId()))
            .onSuccess(row -> answer(exchange, name, made.created() ? secret : null, row)));
  }

  private static void answer(
      Exchange exchange,
      ResourceName name,
      @Nullable String secret,
      Optional<SubscriptionRow> found) {
    SubscriptionRow row = found.orElseThrow();
    exchange.put(HttpHeaders.LOCATION, row.location(name.subscriptions()));
    exchange.links(
        List.of("<" + row.aliasUrl(exchange.baseUrl(), exchange.tenant()) + ">; rel=\"self\""));
    int status = secret == null ? 200 : 201;
    if (exchange.prefersMinimal()) {
      exchange.minimal(status);
    } else {
      exchange.json(status, secret == null ? row.element() : withSecret(row.element(), secret));
    }
  }

  /** Shown once; under the name, too, that n8n reads (standards.md §9). */
  private static JsonObject withSecret(JsonObject json, String secret) {
    json.put("secret", secret).put("X-Hook-Secret", secret);
    if (!secret.startsWith(SigningSecret.PREFIX)) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      json.put(
          "standard_webhooks_secret",
          SigningSecret.PREFIX + Base64.getEncoder().encodeToString(bytes));
    }
    return json;
  }

  // --- unsubscribe ---

  /** Ends it; a tombstone gives the same answer again (SUB-5). */
  public void unsubscribe(Exchange exchange, SubscriptionRow row) {
    if (exchange.over()) {
      return;
    }
    if (row.ended()) {
      ended(exchange, row);
      return;
    }
    ResourceNames.Parsed parsed = names.ofUri("resource", exchange.tenant(), row.uri());
    if (!(parsed instanceof ResourceNames.Parsed.Named(ResourceName name))) {
      throw new IllegalStateException("stored under a name that is none: " + row.uri());
    }
    boolean operator = exchange.caller().role() == Role.OPERATOR;
    Submission.Unsubscribe submission =
        new Submission.Unsubscribe(
            name.tenant(),
            name.uri(),
            name.lane(),
            row.id(),
            operator ? EndReason.OPERATOR : EndReason.UNSUBSCRIBED,
            actor(exchange));
    exchange.failing(
        lanes.submit(submission).onSuccess(verdict -> unsubscribed(exchange, row, verdict)));
  }

  /** Ended meanwhile by somebody else: the tombstone tells. */
  private void unsubscribed(Exchange exchange, SubscriptionRow row, Verdict verdict) {
    if (verdict instanceof Verdict.Done || verdict instanceof Verdict.NotFound) {
      exchange.failing(
          rows.byAlias(Sight.of(exchange), row.publicId())
              .onSuccess(
                  now -> {
                    if (now.isPresent() && now.get().ended()) {
                      ended(exchange, now.get());
                    } else {
                      exchange.problem(SubscriptionCollection.unknown());
                    }
                  }));
    } else {
      exchange.problem(VerdictProblems.of(verdict));
    }
  }

  private static void ended(Exchange exchange, SubscriptionRow row) {
    if (exchange.prefersMinimal()) {
      exchange.minimal(204);
    } else {
      exchange.json(200, row.element());
    }
  }

  public static Submission.Actor actor(Exchange exchange) {
    return new Submission.Actor(exchange.caller().name(), exchange.requestId());
  }
}
