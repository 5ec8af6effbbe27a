package io.livehook.lane;

import io.livehook.lane.SimulatedTables.Key;
import io.livehook.lane.SimulatedTables.SubscriptionRow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an outsider knows: everything asked and answered, every request written and every arrival.
 * It judges the promises of DESIGN by that, and looks into the tables only for ends that anyone can
 * see.
 */
final class Oracle {
  private final SimulatedWorld world;
  private final Map<Submission, Integer> pending = new LinkedHashMap<>();
  private final Map<Long, Accepted> accepted = new LinkedHashMap<>();
  private final Map<String, Long> keys = new HashMap<>();
  private final Map<String, Follower> followers = new LinkedHashMap<>();
  private final Set<Integer> handedOver = new HashSet<>();
  private int moment;

  /** An update whose acceptance was acknowledged. */
  private record Accepted(Submission.Push push, int asked, int answered) {}

  Oracle(SimulatedWorld world) {
    this.world = world;
  }

  // --- asked and answered ---

  void asked(Submission submission) {
    moment++;
    pending.put(submission, moment);
    switch (submission) {
      case Submission.Push push -> {}
      case Submission.Configure configure -> {}
      case Submission.Subscribe each -> subscribing(each);
      case Submission.Unsubscribe each -> by(each.subscription).ends++;
      case Submission.Hold each -> {
        Follower follower = by(each.subscription);
        follower.holding = each.held ? each : null;
        follower.held &= each.held;
      }
      case Submission.Redeliver each -> {
        Follower.Sent sent = by(each.subscription).sent(each.update);
        sent.allowed++;
        sent.redelivered = true;
      }
    }
  }

  /** It may renew any subscription of the same callback. */
  private void subscribing(Submission.Subscribe asked) {
    SubscriptionOptions options = asked.options;
    for (Follower each : followers.values()) {
      if (same(each.asked, asked)
          && each.asked.options.mode() == options.mode()
          && each.asked.options.callback().equals(options.callback())) {
        each.leaseUntil = Math.max(each.leaseUntil, options.leaseUntil());
        each.maxInFlight = Math.max(each.maxInFlight, options.maxInFlight());
        each.strict &= options.strict();
      }
    }
    followers.put(asked.publicId, new Follower(asked, moment));
  }

  private static boolean same(Submission one, Submission other) {
    return one.tenant == other.tenant && one.uri.equals(other.uri);
  }

  /** The process died before it gave a verdict. */
  void unanswered(Submission submission) {
    pending.remove(submission);
  }

  void answered(Submission submission, Verdict verdict) {
    Integer asked = pending.remove(submission);
    if (asked == null) {
      throw new Violation("a second verdict on " + world.describe(submission) + ": " + verdict);
    }
    moment++;
    if (world.tracing) {
      world.tell(world.describe(submission) + " -> " + verdict);
    }
    switch (verdict) {
      case Verdict.Accepted each -> accepted((Submission.Push) submission, each, asked);
      case Verdict.Subscribed each -> subscribed(each);
      case Verdict.Done each -> done(submission);
      case Verdict.NotFound each -> notFound(submission);
      case Verdict.OutOfChain each -> world.reached(Reached.OUT_OF_CHAIN);
      case Verdict.KeyReused each -> world.reached(Reached.KEY_REUSED);
      case Verdict.StillRunning each -> world.reached(Reached.KEY_RUNNING);
      case Verdict.Lagging each -> world.reached(Reached.LAGGING);
      case Verdict.Refused each -> refused(submission);
      case Verdict.Unavailable each -> world.reached(Reached.OUT_OF_PATIENCE);
    }
  }

  private void accepted(Submission.Push push, Verdict.Accepted verdict, int asked) {
    if (push.kind == UpdateKind.CHANGES) {
      world.reached(Reached.CHANGES_ACCEPTED);
    }
    LogRow row = world.database.tables.update(verdict.update());
    // A process that was frozen may tell late, when retention has dropped it.
    boolean dropped = verdict.update() <= world.database.tables.lowestFloor();
    if (row == null && !dropped && !verdict.replayed()) {
      throw new Violation("P1: update " + verdict.update() + " is acknowledged and not in the log");
    }
    if (row != null && !Arrays.equals(row.body(), push.body)) {
      throw new Violation("P2: update " + verdict.update() + " has another body");
    }
    if (push.idempotencyKey != null) {
      String key = push.tenant + push.uri + "/" + push.idempotencyKey;
      Long before = keys.putIfAbsent(key, verdict.update());
      if (before != null && before != verdict.update()) {
        throw new Violation("R6: two updates of one key: " + before + ", " + verdict.update());
      }
    }
    if (verdict.replayed()) {
      world.reached(Reached.KEY_REPLAYED);
    } else {
      accepted.put(verdict.update(), new Accepted(push, asked, moment));
    }
  }

  private void subscribed(Verdict.Subscribed verdict) {
    Follower follower = SimulatedTables.known(followers.get(verdict.publicId()));
    if (verdict.created()) {
      follower.answeredAt = moment;
    } else {
      world.reached(Reached.RENEWED);
      follower.renewedAt = moment;
    }
    SubscriptionRow row = world.database.tables.subscription.get(verdict.subscription());
    if (row == null || (!row.active() && follower.living())) {
      throw new Violation("R12: acknowledged and not there: " + verdict.publicId());
    }
  }

  private void done(Submission submission) {
    switch (submission) {
      case Submission.Unsubscribe each -> {
        world.reached(
            each.reason == EndReason.EXPIRED ? Reached.LEASE_RAN_OUT : Reached.UNSUBSCRIBED);
        by(each.subscription).endedAt = moment;
        if (running(each.subscription) > 0) {
          throw new Violation("P5: a request runs on after the unsubscribe: " + each.subscription);
        }
      }
      case Submission.Hold each -> {
        world.reached(each.held ? Reached.HELD : Reached.RELEASED);
        Follower follower = by(each.subscription);
        follower.held = each.held && follower.holding == each;
      }
      case Submission.Redeliver each -> world.reached(Reached.REDELIVERED);
      case Submission.Configure each -> world.reached(Reached.CONFIGURED);
      default -> throw new Violation("done is no answer to " + world.describe(submission));
    }
  }

  private void notFound(Submission submission) {
    Follower follower =
        switch (submission) {
          case Submission.Hold each -> by(each.subscription);
          case Submission.Unsubscribe each -> by(each.subscription);
          default -> null;
        };
    int mine = submission instanceof Submission.Unsubscribe ? 1 : 0;
    if (follower != null && follower.ends == mine && !follower.gone && follower.answeredAt >= 0) {
      throw new Violation("R12: not found but active: " + world.describe(submission));
    }
  }

  private void refused(Submission submission) {
    if (submission instanceof Submission.Push push && !SimulatedDatabase.poisoned(push)) {
      world.reached(Reached.CONTENT_REFUSED);
    }
  }

  // --- requests ---

  void written(SimulatedPost post) {
    moment++;
    Subscription subscription = post.delivery.subscription;
    Follower follower = SimulatedTables.known(followers.get(subscription.publicId));
    if (world.tracing) {
      world.tell(
          "owner "
              + post.owner.epoch
              + " POST "
              + post.update
              + " to "
              + subscription.id
              + " #"
              + post.delivery.number());
    }
    post.writtenAt = moment;
    if (subscription.options().mode() == Mode.CHANGES) {
      world.reached(Reached.CHANGES_SENT);
    }
    Follower.Sent sent = follower.sent(post.update);
    merged(post, follower);
    LogRow row = world.database.tables.update(post.update);
    if (!world.database.living(post.owner.epoch)) {
      late(post, sent);
      // Its new owner may have delivered it and retention dropped it meanwhile.
      asked(post, follower, row == null ? world.database.tables.dropped.get(post.update) : row);
      return;
    }
    asked(post, follower, row);
    follower.written(post, world.database.tables);
    if (running(subscription.id) > (follower.strict ? 1 : follower.maxInFlight)) {
      throw new Violation("R13: more than max_in_flight at once for " + subscription.id);
    }
  }

  /** DLV-5: what goes along follows it without a break. */
  private void merged(SimulatedPost post, Follower follower) {
    long before = post.update;
    for (Update each : post.further) {
      world.reached(Reached.MERGED);
      Place place = each.place;
      if (place == null || place.previous() != before || each.kind != UpdateKind.CHANGES) {
        throw new Violation(
            "DLV-5: update " + each.id + " is merged, and does not follow " + before);
      }
      before = each.id;
      Follower.Sent sent = follower.sent(each.id);
      if (!world.database.living(post.owner.epoch)) {
        sent.allowed++;
      }
    }
  }

  /** P2: somebody sent it, somebody asked for it. */
  private void asked(SimulatedPost post, Follower follower, @Nullable LogRow row) {
    Subscription subscription = post.delivery.subscription;
    if (row == null || !Arrays.equals(row.body(), post.delivery.update().body())) {
      throw new Violation("P2: no such update: " + post.update);
    }
    SubscriptionRow of = world.database.tables.subscription.get(subscription.id);
    if (of == null || of.resource() != row.resource() || of.fromVer() > row.subVer()) {
      throw new Violation("P2: " + subscription.id + " did not ask for update " + post.update);
    }
    Accepted update = accepted.get(post.update);
    if (update != null && update.answered < follower.askedAt) {
      throw new Violation("P2: update " + post.update + " is older than " + subscription.id);
    }
  }

  /**
   * P5's exception: a process frozen between its last check and the write, past its lease, writes
   * that one request per event loop when it thaws. (Whose lanes were taken against R5 may go on.)
   */
  private void late(SimulatedPost post, Follower.Sent sent) {
    sent.allowed++;
    if (!post.owner.usurped && (!post.thawed || ++post.owner.late > 1)) {
      throw new Violation("R5: owner " + post.owner.epoch + " goes on after it was ended");
    }
  }

  /** A callback has processed a request. */
  void arrived(SimulatedPost post) {
    moment++;
    if (post.status == 200) {
      Follower follower = SimulatedTables.known(followers.get(post.delivery.subscription.publicId));
      arrived(post, follower, post.update);
      post.further.forEach(each -> arrived(post, follower, each.id));
    }
  }

  private static void arrived(SimulatedPost post, Follower follower, long update) {
    Follower.Sent sent = follower.sent(update);
    if (++sent.arrived > sent.allowed) {
      throw new Violation(
          "P4: update "
              + update
              + " arrived "
              + sent.arrived
              + " times at "
              + post.delivery.subscription.id);
    }
  }

  /** The broker has heard what came of it. */
  void heard(SimulatedPost post, int status) {
    Follower follower = SimulatedTables.known(followers.get(post.delivery.subscription.publicId));
    if (status == 200) {
      follower.sent(post.update).heard = true;
      post.further.forEach(each -> follower.sent(each.id).heard = true);
    } else if (status == 410) {
      follower.gone = true;
      follower.goneWrittenAt = Math.max(follower.goneWrittenAt, post.writtenAt);
    }
  }

  /** It is given up: in strict order newer ones start only when that is for good. */
  void gaveUp(SimulatedPost post) {
    Follower follower = SimulatedTables.known(followers.get(post.delivery.subscription.publicId));
    follower.sent(post.update).givenUp = true;
  }

  private int running(long subscription) {
    int running = 0;
    for (SimulatedNode node : world.nodes) {
      if (!node.frozen) {
        for (SimulatedOwner owner : node.owners) {
          if (world.database.living(owner.epoch)) {
            for (SimulatedPost each : owner.posts) {
              running += each.written && each.delivery.subscription.id == subscription ? 1 : 0;
            }
          }
        }
      }
    }
    return running;
  }

  // --- what the tables tell ---

  /** Changes were committed: a 410 counts only if its attempt began after the last renewal. */
  void changed(ChangeBatch batch) {
    for (ChangeBatch.Change change : batch.changes()) {
      if (change instanceof ChangeBatch.Ended ended && ended.reason() == EndReason.GONE) {
        Follower follower = by(ended.subscription().id);
        if (follower.goneWrittenAt < Math.max(follower.answeredAt, follower.renewedAt)) {
          throw new Violation("R12: a 410 from before the renewal ends " + ended.subscription().id);
        }
      }
    }
  }

  /** P4: what had started and has no end in the tables may arrive once more. */
  void adopted(int lane) {
    boolean clean = handedOver.remove(lane);
    for (SubscriptionRow row : world.database.tables.subscription.values()) {
      Follower follower = followers.get(row.publicId());
      if (row.lane() == lane && follower != null) {
        follower.sent.forEach(
            (update, sent) -> {
              if (!world.database.tables.ended(row.id(), update) && !(clean && sent.heard)) {
                sent.allowed++;
              }
            });
      }
    }
  }

  /** Nothing ran and everything was flushed: nothing heard of may be repeated. */
  void handedOver(List<Integer> lanes) {
    handedOver.addAll(lanes);
  }

  // --- the end ---

  /** P1: what was acknowledged has arrived, or has an end that anyone can see. */
  void settled() {
    if (!pending.isEmpty()) {
      throw new Violation("no verdict on " + world.describe(pending.keySet().iterator().next()));
    }
    SimulatedTables tables = world.database.tables;
    for (SubscriptionRow row : tables.subscription.values()) {
      Follower follower = SimulatedTables.known(followers.get(row.publicId()));
      if (follower.answeredAt < 0 || !follower.living()) {
        continue;
      }
      accepted.forEach(
          (update, each) -> {
            if (same(each.push, follower.asked)
                && follower.asked.options.mode().suits(each.push.kind)
                && each.asked > follower.answeredAt
                && follower.sent(update).arrived == 0
                && !tables.dead.has(new Key(row.id(), update))
                && !tables.inGap(row.id(), update)) {
              throw new Violation("P1: update " + update + " never reached " + row.id());
            }
          });
    }
  }

  private Follower by(long subscription) {
    SubscriptionRow row =
        SimulatedTables.known(world.database.tables.subscription.get(subscription));
    return SimulatedTables.known(followers.get(row.publicId()));
  }

  boolean unanswered() {
    return !pending.isEmpty();
  }
}
