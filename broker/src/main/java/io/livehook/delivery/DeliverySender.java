package io.livehook.delivery;

import io.livehook.lane.Delivery;
import io.livehook.lane.FailureReason;
import io.livehook.lane.Owner;
import io.livehook.lane.Subscription;
import io.livehook.log.OwnerShell;
import io.livehook.log.Sender;
import io.livehook.security.Signer;
import io.livehook.security.SigningSecret;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the POSTs that an owner orders: gets a connection, asks which delivery goes out, signs it,
 * writes it, and reports what came of it. One per event loop, runs on it.
 */
public final class DeliverySender implements Sender {
  private static final int ANSWER_STORED = 1_024;

  private final OutboundHttp http;
  private final Judge judge;
  private final Links links;
  private final Set<Post> running = new HashSet<>();

  /** What is the same for every attempt of a subscription; made anew when its options change. */
  private record Prepared(Target target, Signer signer) {}

  public DeliverySender(OutboundHttp http, Judge judge, Links links) {
    this.http = http;
    this.judge = judge;
    this.links = links;
  }

  @Override
  public void connect(OwnerShell owner, Subscription subscription) {
    Prepared prepared = prepared(subscription);
    Post post = new Post(owner, subscription, prepared);
    running.add(post);
    post.handle = http.post(prepared.target, post);
  }

  private Prepared prepared(Subscription subscription) {
    if (subscription.prepared instanceof Prepared kept) {
      return kept;
    }
    var options = subscription.options();
    Prepared made =
        new Prepared(
            http.target(options.callback()), new Signer(SigningSecret.parse(options.secret())));
    subscription.prepared = made;
    return made;
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
    private final Prepared prepared;
    private @Nullable Delivery delivery;
    OutboundHttp.@Nullable Handle handle;

    Post(OwnerShell owner, Subscription subscription, Prepared prepared) {
      this.owner = owner;
      this.subscription = subscription;
      this.prepared = prepared;
    }

    @Override
    public @Nullable OutboundRequest ready() {
      Delivery chosen = owner.connected(subscription);
      if (chosen == null) {
        running.remove(this);
        return null;
      }
      delivery = chosen;
      chosen.exchange = this;
      return request(chosen);
    }

    private OutboundRequest request(Delivery chosen) {
      Rendered rendered = Rendered.of(chosen, links);
      String timestamp = Long.toString(chosen.startedAt() / 1000);
      int shared = rendered.headers.length;
      CharSequence[] headers = java.util.Arrays.copyOf(rendered.headers, shared + 12);
      headers[shared] = Names.WEBHOOK_TIMESTAMP;
      headers[shared + 1] = timestamp;
      headers[shared + 2] = Names.WEBHOOK_SIGNATURE;
      headers[shared + 3] =
          prepared.signer.webhookSignature(rendered.id, timestamp, rendered.bytes);
      headers[shared + 4] = Names.X_HOOK_SIGNATURE;
      headers[shared + 5] = prepared.signer.hookSignature(rendered.bytes);
      headers[shared + 6] = Names.WEBHOOK_ATTEMPT;
      headers[shared + 7] = Integer.toString(chosen.number());
      headers[shared + 8] = Names.USER_AGENT;
      headers[shared + 9] = Names.LIVEHOOK;
      headers[shared + 10] = Names.TRACEPARENT;
      headers[shared + 11] = rendered.trace.attempt(subscription.id, chosen.number());
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
          : java.util.Arrays.copyOf(answer, ANSWER_STORED);
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
