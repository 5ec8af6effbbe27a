package io.livehook.delivery;

import io.livehook.lane.Delivery;
import io.livehook.lane.FailureReason;
import io.livehook.lane.Owner;
import io.livehook.lane.Subscription;
import io.livehook.log.OwnerShell;
import io.livehook.log.Sender;
import io.livehook.platform.Ids;
import io.livehook.security.Keyring;
import io.livehook.security.Vault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the POSTs that an owner orders: gets a connection, asks which delivery goes out, signs it,
 * writes it, and reports what came of it. One per event loop, runs on it.
 */
public final class DeliverySender implements Sender {
  private static final Logger LOG = LoggerFactory.getLogger(DeliverySender.class);
  private static final int ANSWER_STORED = 1_024;

  private final OutboundHttp http;
  private final Judge judge;
  private final Links links;
  private final Vault vault;
  private final Set<Post> running = new HashSet<>();

  /** What is the same for every attempt of a subscription; made anew when its options change. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Prepared(
      Target target, Signatures signatures, Payload payload, CharSequence[] headers) {}

  public DeliverySender(OutboundHttp http, Judge judge, Links links, Vault vault) {
    this.http = http;
    this.judge = judge;
    this.links = links;
    this.vault = vault;
  }

  @Override
  public void connect(OwnerShell owner, Subscription subscription) {
    Post post = new Post(owner, subscription);
    running.add(post);
    if (subscription.prepared instanceof Prepared kept) {
      post.connect(kept);
      return;
    }
    String stored = subscription.options().secret();
    vault
        .open(stored, place(subscription))
        .onSuccess(ring -> post.connect(prepare(subscription, stored, ring, owner.now())))
        .onFailure(post::unreadable);
  }

  private static Vault.Place place(Subscription subscription) {
    return new Vault.Place(
        subscription.resource.tenant(),
        subscription.resource.uri(),
        subscription.label(),
        subscription.options().callback());
  }

  /** Kept unless the secrets have changed while the keyring was being opened. */
  private Prepared prepare(Subscription subscription, String stored, Keyring ring, long now) {
    var options = subscription.options();
    Target target = http.target(options.callback());
    DeliveryForm form = DeliveryForm.parse(options.form());
    String alias = Ids.text(Ids.Kind.SUBSCRIPTION, UUID.fromString(subscription.publicId));
    String url = target.refused() ? options.callback() : target.url().toString();
    Prepared made =
        new Prepared(
            target,
            new Signatures(ring, form.signatures(), alias, url, now),
            form.payload(),
            headers(ring));
    if (stored.equals(options.secret())) {
      subscription.prepared = made;
    }
    return made;
  }

  private static CharSequence[] headers(Keyring ring) {
    List<CharSequence> headers = new ArrayList<>();
    ring.headers()
        .forEach(
            (name, value) -> {
              headers.add(name);
              headers.add(value.reveal());
            });
    return headers.toArray(CharSequence[]::new);
  }

  /**
   * What holds in this very turn: a rotation may have been acknowledged since the connection was
   * asked for.
   */
  private @Nullable Prepared current(Subscription subscription, long now) {
    if (subscription.prepared instanceof Prepared kept) {
      return kept;
    }
    String stored = subscription.options().secret();
    Keyring ring = vault.openNow(stored, place(subscription));
    return ring == null ? null : prepare(subscription, stored, ring, now);
  }

  @Override
  public void abort(Delivery delivery) {
    if (delivery.exchange instanceof Post post) {
      post.abort();
    }
  }

  @Override
  public void abortAll() {
    for (Post each : Set.copyOf(running)) {
      each.abort();
    }
  }

  /** One attempt of one delivery. */
  private final class Post implements Exchange {
    private final OwnerShell owner;
    private final Subscription subscription;
    private @Nullable Delivery delivery;
    OutboundHttp.@Nullable Handle handle;

    Post(OwnerShell owner, Subscription subscription) {
      this.owner = owner;
      this.subscription = subscription;
    }

    void connect(Prepared prepared) {
      if (running.contains(this)) {
        handle = http.post(prepared.target, this);
      }
    }

    /** Nothing may be sent unsigned: it counts as an attempt that failed, and is tried again. */
    void unreadable(Throwable failure) {
      LOG.atError()
          .addKeyValue("subscription", subscription.publicId)
          .log("The secrets of a subscription cannot be read: {}", failure.getMessage());
      http.later(
          () -> {
            if (running.contains(this)) {
              ended(AttemptResult.failed(FailureReason.SECRET_UNREADABLE));
            }
          });
    }

    @Override
    public @Nullable OutboundRequest ready() {
      Prepared prepared = current(subscription, owner.now());
      if (prepared == null) {
        unreadable(new IllegalStateException("their data key is not in memory"));
        return null;
      }
      Delivery chosen = owner.connected(subscription);
      if (chosen == null) {
        running.remove(this);
        return null;
      }
      delivery = chosen;
      chosen.exchange = this;
      return request(chosen, prepared);
    }

    private OutboundRequest request(Delivery chosen, Prepared prepared) {
      Rendered rendered = Rendered.of(chosen, links, prepared.payload);
      String timestamp = Long.toString(chosen.startedAt() / 1000);
      int shared = rendered.headers.length;
      int own = prepared.headers.length;
      int fixed = shared + own + 8;
      CharSequence[] headers =
          Arrays.copyOf(rendered.headers, fixed + prepared.signatures.places());
      System.arraycopy(prepared.headers, 0, headers, shared, own);
      headers[fixed - 8] = Names.WEBHOOK_TIMESTAMP;
      headers[fixed - 7] = timestamp;
      headers[fixed - 6] = Names.WEBHOOK_ATTEMPT;
      headers[fixed - 5] = Integer.toString(chosen.number());
      headers[fixed - 4] = Names.USER_AGENT;
      headers[fixed - 3] = Names.LIVEHOOK;
      headers[fixed - 2] = Names.TRACEPARENT;
      headers[fixed - 1] = rendered.trace.attempt(subscription.id, chosen.number());
      prepared.signatures.write(headers, fixed, rendered, timestamp, chosen.startedAt());
      return new OutboundRequest(headers, rendered.body);
    }

    @Override
    public void ended(AttemptResult result) {
      Delivery sent = delivery;
      if (sent == null) {
        sent = owner.connected(subscription);
        if (sent == null) {
          running.remove(this);
          return;
        }
      }
      running.remove(this);
      report(sent, result);
    }

    private void report(Delivery sent, AttemptResult result) {
      Judge.Judgement judgement = judge.judge(sent, result, owner.now());
      FailureReason reason = result.reason();
      owner.ended(
          sent,
          judgement.outcome(),
          new Owner.Answer(
              (short) result.status(),
              reason == null ? null : reason.label(),
              result.delivered() ? null : stored(result.answer())),
          judgement.opened());
    }

    private static byte @Nullable [] stored(byte @Nullable [] answer) {
      return answer == null || answer.length <= ANSWER_STORED
          ? answer
          : Arrays.copyOf(answer, ANSWER_STORED);
    }

    void abort() {
      running.remove(this);
      OutboundHttp.Handle open = handle;
      if (open != null) {
        open.abort();
      }
    }
  }
}
