package io.livehook.lane;

import io.livehook.lane.ChangeBatch.Change;
import io.livehook.lane.ChangeBatch.Configured;
import io.livehook.lane.ChangeBatch.Created;
import io.livehook.lane.ChangeBatch.Ended;
import io.livehook.lane.ChangeBatch.Held;
import io.livehook.lane.ChangeBatch.Redelivered;
import io.livehook.lane.ChangeBatch.Released;
import io.livehook.lane.ChangeBatch.Renewed;
import io.livehook.lane.Submission.Actor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * R12: subscription changes, one synchronous transaction for all that queued meanwhile. First the
 * transaction, then memory, then the aborts, then the answers.
 */
final class Changes {
  private static final Actor CALLBACK = new Actor("callback", "410");

  private record Asked(
      @Nullable Submission submission, Resource resource, @Nullable Subscription gone) {}

  private final Owner owner;
  private final ArrayDeque<Asked> queue = new ArrayDeque<>();
  private List<Asked> underWay = List.of();

  /** Resources that are being made by an update or by their configuration: the other waits. */
  private final Set<Resource> undecided = new HashSet<>(0);

  /** No submission is older that has no verdict yet. */
  private long oldest = Long.MAX_VALUE;

  Changes(Owner owner) {
    this.owner = owner;
  }

  boolean waiting() {
    return !queue.isEmpty();
  }

  /** It waits until it is decided who makes its resource. */
  void await(Submission submission, Resource resource) {
    resource.waiting.add(submission);
    undecided.add(resource);
    oldest = Math.min(oldest, submission.since);
  }

  boolean idle() {
    return queue.isEmpty() && underWay.isEmpty();
  }

  void ask(Submission submission, Resource resource) {
    if (!resource.stored && !(submission instanceof Submission.Configure)) {
      owner.answer(submission, new Verdict.NotFound());
      return;
    }
    resource.creating = !resource.stored;
    resource.pending++;
    queue.add(new Asked(submission, resource, null));
    oldest = Math.min(oldest, submission.since);
  }

  /** Its renewal is on its way: once acknowledged it is newer than any attempt made so far. */
  boolean renewing(Subscription subscription) {
    for (Asked each : underWay) {
      if (each.submission instanceof Submission.Subscribe && subject(each) == subscription) {
        return true;
      }
    }
    return false;
  }

  /** The callback said 410: closed at once in memory, ended in the table. */
  void gone(Subscription subscription) {
    if (!subscription.active) {
      return;
    }
    owner.subscriptions.stop(subscription);
    subscription.resource.pending++;
    subscription.resource.lane.gonePending++;
    queue.add(new Asked(null, subscription.resource, subscription));
  }

  /**
   * Sends what can go together: of one subscription or callback only the first change, the rest
   * waits for the next transaction. False: nothing had to be written.
   */
  boolean send() {
    List<Asked> taken = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    List<Asked> later = new ArrayList<>();
    Set<Object> touched = new HashSet<>();
    Map<Resource, Long> versions = new HashMap<>();
    while (!queue.isEmpty() && changes.size() < owner.limits.changes()) {
      Asked asked = queue.remove();
      Subscription subscription = subject(asked);
      Object subject = subscription == null ? key(asked) : subscription;
      boolean ending = subscription != null && !subscription.active && asked.submission != null;
      if (ending || !touched.add(subject)) {
        later.add(asked);
        continue;
      }
      Change change = change(asked, subscription, versions);
      if (change == null) {
        asked.resource.pending--;
        owner.answer(java.util.Objects.requireNonNull(asked.submission), new Verdict.NotFound());
      } else {
        taken.add(asked);
        changes.add(change);
      }
    }
    for (int i = later.size() - 1; i >= 0; i--) {
      queue.addFirst(later.get(i));
    }
    if (changes.isEmpty()) {
      return false;
    }
    underWay = taken;
    owner.orders.change(new ChangeBatch(changes));
    return true;
  }

  private static Object key(Asked asked) {
    return asked.submission instanceof Submission.Subscribe subscribe
        ? List.of(
            asked.resource, subscribe.label, subscribe.options.callback(), subscribe.options.mode())
        : asked;
  }

  private @Nullable Subscription subject(Asked asked) {
    Resource resource = asked.resource;
    return switch (asked.submission) {
      case null -> asked.gone;
      case Submission.Subscribe subscribe ->
          owner.subscriptions.of(resource, subscribe.label, subscribe.options);
      case Submission.Unsubscribe unsubscribe ->
          owner.subscriptions.of(resource, unsubscribe.subscription);
      case Submission.Hold hold -> owner.subscriptions.of(resource, hold.subscription);
      case Submission.Redeliver redeliver ->
          owner.subscriptions.of(resource, redeliver.subscription);
      case Submission.Configure configure -> null;
      case Submission.Push push -> throw new IllegalStateException("a push is no change");
    };
  }

  private @Nullable Change change(
      Asked asked, @Nullable Subscription subscription, Map<Resource, Long> versions) {
    Resource resource = asked.resource;
    if (asked.submission instanceof Submission.Subscribe subscribe) {
      if (!subscribe.suits(subscription) || !offers(resource, subscribe.options.mode())) {
        return null;
      }
      return subscription == null
          ? new Created(
              subscribe,
              resource,
              resource.lane.ids.next(owner.now),
              next(resource, versions),
              floor(resource, subscribe.options.mode()))
          : new Renewed(subscribe, subscription);
    }
    if (asked.submission instanceof Submission.Configure configure) {
      return configured(configure, resource);
    }
    if (subscription == null || (!subscription.active && asked.submission != null)) {
      return null;
    }
    return switch (asked.submission) {
      case null -> end(CALLBACK, subscription, EndReason.GONE, versions);
      case Submission.Unsubscribe unsubscribe ->
          end(unsubscribe.actor, subscription, unsubscribe.reason, versions);
      case Submission.Hold hold -> hold(hold, subscription);
      case Submission.Redeliver redeliver ->
          new Redelivered(redeliver.actor, subscription, redeliver.update);
      default -> throw new IllegalStateException("no change: " + asked.submission);
    };
  }

  private Configured configured(Submission.Configure configure, Resource resource) {
    long id = resource.stored ? resource.id : resource.lane.ids.next(owner.now);
    return new Configured(configure, resource, id);
  }

  private static long next(Resource resource, Map<Resource, Long> versions) {
    return versions.merge(resource, resource.subVer + 1, (before, first) -> before + 1);
  }

  /** An object has no changes to subscribe to (SUB-9). */
  private static boolean offers(Resource resource, Mode mode) {
    Chain chain = resource.chain;
    return mode == Mode.VALUE || (chain != null && chain.stored);
  }

  /** Sequences up to here belong to before the change. */
  private static long floor(Resource resource, Mode mode) {
    Chain chain = resource.chain;
    if (mode == Mode.CHANGES && chain != null) {
      chain.sequenceFloor = chain.sequence;
      return chain.sequence;
    }
    resource.sequenceFloor = resource.sequence;
    return resource.sequence;
  }

  private Ended end(
      Actor actor, Subscription subscription, EndReason reason, Map<Resource, Long> versions) {
    Resource resource = subscription.resource;
    long last = floor(resource, subscription.options.mode());
    return new Ended(actor, subscription, reason, next(resource, versions), last);
  }

  /** Held: nothing new starts from now on, so that its bound stays true until the commit. */
  private Change hold(Submission.Hold hold, Subscription subscription) {
    if (!hold.held) {
      return new Released(hold.actor, subscription);
    }
    subscription.held = true;
    return new Held(hold.actor, subscription, owner.behinds.boundToHold(subscription));
  }

  // --- facts ---

  void changed(ChangeBatch batch, boolean[] found) {
    List<Asked> asked = finish();
    for (int i = 0; i < asked.size(); i++) {
      Change change = batch.changes().get(i);
      Verdict verdict = found[i] ? apply(change) : new Verdict.NotFound();
      Submission submission = asked.get(i).submission;
      if (submission != null) {
        owner.answer(submission, verdict);
      }
    }
    decide(batch);
  }

  /** Updates of a resource that was just configured have waited. */
  private void decide(ChangeBatch batch) {
    for (Change each : batch.changes()) {
      if (each instanceof Configured configured && configured.resource().creating) {
        configured.resource().creating = false;
        owner.decided(configured.resource());
      }
    }
  }

  private Verdict apply(Change change) {
    Resource resource = change.resource();
    resource.usedAt = owner.now;
    switch (change) {
      case Created created -> {
        resource.subVer = Math.max(resource.subVer, created.fromVer());
        Subscription made = owner.subscriptions.create(created);
        return new Verdict.Subscribed(made.id, made.publicId, true);
      }
      case Renewed renewed -> {
        Subscription subscription = renewed.subscription();
        boolean reordered = subscription.strict() != renewed.options().strict();
        subscription.options = renewed.options();
        subscription.prepared = null;
        subscription.renewedAt = owner.now;
        owner.dispatch.ready(subscription);
        if (reordered) {
          owner.endings.reordered(subscription);
        }
        return new Verdict.Subscribed(subscription.id, subscription.publicId, false);
      }
      case Ended ended -> {
        resource.subVer = Math.max(resource.subVer, ended.toVer());
        if (ended.reason() == EndReason.GONE) {
          resource.lane.gonePending--;
        }
        owner.subscriptions.end(ended.subscription());
      }
      case Configured configured -> configured(configured);
      case Held held -> owner.behinds.held(held.subscription(), held.since());
      case Released released -> owner.behinds.released(released.subscription());
      case Redelivered redelivered ->
          owner.retries.redeliver(redelivered.subscription(), redelivered.update());
    }
    return new Verdict.Done();
  }

  private void configured(Configured configured) {
    Resource resource = configured.resource();
    if (!resource.stored) {
      resource.id = configured.id();
      resource.stored = true;
      resource.lane.name(resource);
    }
    if (configured.asked().wanted.collection() && resource.chain == null) {
      var head = new Chain.Head(resource.last, resource.last, null, resource.etag);
      resource.chain = new Chain(head, 0, true);
    }
  }

  /** Rolled back: content is refused for good, else it is 503; a 410 is written again later. */
  void refused(ChangeBatch batch, boolean content, String why) {
    List<Asked> asked = finish();
    for (int i = 0; i < asked.size(); i++) {
      Asked each = asked.get(i);
      if (batch.changes().get(i) instanceof Held held) {
        held.subscription().held = held.subscription().behind == BehindReason.HELD;
        owner.dispatch.ready(held.subscription());
      }
      if (each.submission == null) {
        each.resource.pending++;
        queue.add(each);
      } else {
        owner.answer(
            each.submission, content ? new Verdict.Refused(why) : new Verdict.Unavailable(1));
      }
    }
    decide(batch);
  }

  private List<Asked> finish() {
    owner.flushes.finished();
    List<Asked> asked = underWay;
    underWay = List.of();
    asked.forEach(each -> each.resource.pending--);
    return asked;
  }

  /** Answers 503 to what has waited too long; what is in the transaction may yet be committed. */
  void expire(long before) {
    if (oldest > before) {
      return;
    }
    oldest = Long.MAX_VALUE;
    Set<Resource> left = new HashSet<>();
    queue.removeIf(
        each -> {
          Submission submission = each.submission;
          if (submission == null || waits(submission, before)) {
            return false;
          }
          each.resource.pending--;
          owner.answer(submission, new Verdict.Unavailable(1));
          left.add(each.resource);
          return true;
        });
    for (Asked each : underWay) {
      if (each.submission != null && !waits(each.submission, before)) {
        owner.answer(each.submission, new Verdict.Unavailable(1));
      }
    }
    undecided.removeIf(
        each -> {
          oldest = Math.min(oldest, each.expireWaiting(owner, before));
          return each.waiting.isEmpty();
        });
    for (Resource each : left) {
      if (each.creating) {
        each.creating = false;
        owner.decided(each);
      }
    }
  }

  private boolean waits(Submission submission, long before) {
    if (submission.since <= before) {
      return false;
    }
    oldest = Math.min(oldest, submission.since);
    return true;
  }

  /** When the longest waiting submission without a verdict arrived, at the earliest. */
  long oldest() {
    return oldest;
  }

  void drop() {
    expire(Long.MAX_VALUE);
  }
}
