package io.livehook.subscription;

import io.livehook.delivery.CallbackCheck;
import io.livehook.delivery.DeliveryForm;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.ingest.VerdictProblems;
import io.livehook.lane.EndReason;
import io.livehook.lane.Mode;
import io.livehook.lane.Submission;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.security.Keyring;
import io.livehook.security.Role;
import io.livehook.security.SigningSecret;
import io.livehook.security.Vault;
import io.livehook.subscription.SubscriptionRows.Existing;
import io.livehook.subscription.SubscriptionRows.Standing;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes, changes and ends subscriptions through their lanes. One per event loop. */
public final class SubscriptionChanges {
  private final SubscriptionRows rows;
  private final ResourceNames names;
  private final Lanes lanes;
  private final Ids ids;
  private final Keyrings keyrings;
  private final CallbackCheck callbacks;

  public SubscriptionChanges(
      SubscriptionRows rows,
      ResourceNames names,
      Lanes lanes,
      Ids ids,
      Keyrings keyrings,
      CallbackCheck callbacks) {
    this.rows = rows;
    this.names = names;
    this.lanes = lanes;
    this.ids = ids;
    this.keyrings = keyrings;
    this.callbacks = callbacks;
  }

  // --- subscribe ---

  Wish wish(Mode mode, boolean form, byte[] body) {
    return form ? Wish.ofForm(callbacks, mode, body) : Wish.ofJson(callbacks, mode, body);
  }

  Wish wishOfHooks(boolean form, byte[] body) {
    return Wish.ofHooks(callbacks, form, body);
  }

  Wish wishOfApi(byte[] body) {
    return Wish.ofApi(callbacks, body);
  }

  /** A subscription that is to be made, for which of the doors, and how it was asked for. */
  private record Asked(Door door, ResourceName name, Wish wish) {}

  void subscribe(Exchange exchange, Door door, ResourceName name, Wish wish) {
    if (!wish.forbidden().isEmpty()) {
      refuse(exchange, wish.forbidden());
      return;
    }
    exchange.failing(
        rows.renewable(name, wish.mode(), exchange.caller().label(), wish.callback())
            .onSuccess(
                found ->
                    found.ifPresentOrElse(
                        resource -> judge(exchange, new Asked(door, name, wish), resource),
                        () -> exchange.problem(door.unknown()))));
  }

  private void judge(Exchange exchange, Asked asked, SubscriptionRows.Renewable resource) {
    if (asked.wish().mode() == Mode.CHANGES && !resource.collection()) {
      exchange.problem(
          Problem.of(ProblemKind.NOT_FOUND, "The resource is no collection: it has no changes."));
    } else {
      judge(exchange, asked, resource.existing());
    }
  }

  private static void refuse(Exchange exchange, List<Fault> faults) {
    exchange.problem(Problem.faults(ProblemKind.CALLBACK_FORBIDDEN, faults));
  }

  /** The addresses of a name are judged now, and again at every attempt. */
  private void judge(Exchange exchange, Asked asked, @Nullable Existing existing) {
    exchange.rests();
    exchange.failing(
        callbacks
            .clean(asked.wish().url())
            .onSuccess(
                clean -> {
                  exchange.goesOn();
                  if (clean) {
                    submit(exchange, asked, existing);
                  } else {
                    refuse(exchange, List.of(asked.wish().elsewhere()));
                  }
                }));
  }

  private void submit(Exchange exchange, Asked asked, @Nullable Existing existing) {
    if (exchange.over()) {
      return;
    }
    ResourceName name = asked.name();
    Vault.Place place = place(name, exchange.caller().label(), asked.wish().callback());
    if (existing == null) {
      exchange.failing(
          keyrings
              .made(place, asked.wish().choice())
              .onSuccess(kept -> submit(exchange, asked, null, kept.stored(), kept.ring())));
    } else {
      exchange.failing(
          keyrings
              .changed(place, asked.wish().choice(), existing.secret(), existing.form())
              .onSuccess(stored -> submit(exchange, asked, existing, stored, null)));
    }
  }

  private static Vault.Place place(ResourceName name, String label, String callback) {
    return new Vault.Place(name.tenant(), name.uri(), label, callback);
  }

  /**
   * @param ring of a new subscription, to be shown once
   */
  private void submit(
      Exchange exchange,
      Asked asked,
      @Nullable Existing existing,
      String stored,
      @Nullable Keyring ring) {
    if (exchange.over()) {
      return;
    }
    ResourceName name = asked.name();
    DeliveryForm before = DeliveryForm.parse(existing == null ? null : existing.form());
    Submission.Subscribe submission =
        new Submission.Subscribe(
            name.tenant(),
            name.uri(),
            name.lane(),
            exchange.caller().label(),
            ids.next().toString(),
            asked.wish().options(stored, existing),
            asked.wish().choice().touchesKeys(before),
            null,
            actor(exchange));
    exchange.failing(
        lanes.submit(submission).onSuccess(verdict -> subscribed(exchange, asked, ring, verdict)));
  }

  private void subscribed(Exchange exchange, Asked asked, @Nullable Keyring ring, Verdict verdict) {
    if (!(verdict instanceof Verdict.Subscribed made)) {
      exchange.problem(
          verdict instanceof Verdict.NotFound
              ? asked.door().unknown()
              : VerdictProblems.of(verdict));
      return;
    }
    exchange.failing(
        rows.byAlias(Sight.of(exchange), UUID.fromString(made.publicId()))
            .onSuccess(row -> answer(exchange, asked, made.created() ? ring : null, row)));
  }

  private static void answer(
      Exchange exchange, Asked asked, @Nullable Keyring ring, Optional<SubscriptionRow> found) {
    SubscriptionRow row = found.orElseThrow();
    Door door = asked.door();
    exchange.put(HttpHeaders.LOCATION, door.location(exchange, asked.name(), row));
    exchange.links(
        List.of("<" + row.aliasUrl(exchange.baseUrl(), exchange.tenant()) + ">; rel=\"self\""));
    int status = ring == null ? 200 : 201;
    if (exchange.prefersMinimal()) {
      exchange.minimal(status);
    } else {
      JsonObject shown = door.show(exchange, row);
      exchange.json(status, ring == null ? shown : withSecret(shown, ring));
    }
  }

  /** Shown once; under the name, too, that n8n reads (standards.md §9). */
  static JsonObject withSecret(JsonObject json, Keyring ring) {
    String secret = ring.current().secret().reveal();
    json.put("secret", secret).put("X-Hook-Secret", secret);
    if (!secret.startsWith(SigningSecret.PREFIX)) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      json.put(
          "standard_webhooks_secret",
          SigningSecret.PREFIX + Base64.getEncoder().encodeToString(bytes));
    }
    return json;
  }

  // --- change ---

  /**
   * Changes the options of a subscription if it still stands as it was read: else it is not found.
   */
  Future<Verdict> change(Exchange exchange, Standing standing, SubscriptionOptions options) {
    SubscriptionRow row = standing.row();
    ResourceName name = name(exchange, row);
    return lanes.submit(
        new Submission.Subscribe(
            name.tenant(),
            name.uri(),
            name.lane(),
            row.label(),
            row.publicId().toString(),
            options,
            true,
            new Submission.Standing(row.id(), standing.options()),
            actor(exchange)));
  }

  /** The same, with what is chosen of its secrets. */
  Future<Verdict> change(
      Exchange exchange, Standing standing, Choice choice, SubscriptionOptions options) {
    SubscriptionOptions before = standing.options();
    return keyrings
        .changed(place(exchange, standing), choice, before.secret(), before.form())
        .compose(stored -> change(exchange, standing, options.withSecret(stored)));
  }

  Vault.Place place(Exchange exchange, Standing standing) {
    SubscriptionRow row = standing.row();
    return place(name(exchange, row), row.label(), row.callback());
  }

  /** Holds it by hand, or lets it go on. */
  Future<Verdict> hold(Exchange exchange, SubscriptionRow row, boolean held) {
    ResourceName name = name(exchange, row);
    return lanes.submit(
        new Submission.Hold(
            name.tenant(), name.uri(), name.lane(), row.id(), held, actor(exchange)));
  }

  ResourceName name(Exchange exchange, SubscriptionRow row) {
    ResourceNames.Parsed parsed = names.ofUri(Wish.RESOURCE, exchange.tenant(), row.uri());
    if (!(parsed instanceof ResourceNames.Parsed.Named(ResourceName name))) {
      throw new IllegalStateException("stored under a name that is none: " + row.uri());
    }
    return name;
  }

  // --- unsubscribe ---

  /** Ends it; a tombstone gives the same answer again (SUB-5). */
  void unsubscribe(Exchange exchange, Door door, SubscriptionRow row) {
    if (exchange.over()) {
      return;
    }
    if (row.ended()) {
      ended(exchange, door, row);
      return;
    }
    ResourceName name = name(exchange, row);
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
        lanes.submit(submission).onSuccess(verdict -> unsubscribed(exchange, door, row, verdict)));
  }

  /** Ended meanwhile by somebody else: the tombstone tells. */
  private void unsubscribed(Exchange exchange, Door door, SubscriptionRow row, Verdict verdict) {
    if (verdict instanceof Verdict.Done || verdict instanceof Verdict.NotFound) {
      exchange.failing(
          rows.byAlias(Sight.of(exchange), row.publicId())
              .onSuccess(
                  now -> {
                    if (now.isPresent() && now.get().ended()) {
                      ended(exchange, door, now.get());
                    } else {
                      exchange.problem(SubscriptionCollection.unknown());
                    }
                  }));
    } else {
      exchange.problem(VerdictProblems.of(verdict));
    }
  }

  private static void ended(Exchange exchange, Door door, SubscriptionRow row) {
    if (exchange.prefersMinimal()) {
      exchange.minimal(204);
    } else {
      exchange.json(200, door.show(exchange, row));
    }
  }

  public static Submission.Actor actor(Exchange exchange) {
    return new Submission.Actor(exchange.caller().name(), exchange.requestId());
  }
}
