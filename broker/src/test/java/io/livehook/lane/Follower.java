package io.livehook.lane;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A subscription as its consumer knows it: what it may expect of each request. */
final class Follower {
  final Submission.Subscribe asked;
  final int askedAt;
  int answeredAt = -1;
  int renewedAt = -1;
  int ends;
  int endedAt = -1;
  int goneWrittenAt = -1;
  boolean gone;
  boolean strict;
  int maxInFlight;
  long leaseUntil;
  boolean held;
  Submission.@Nullable Hold holding;
  final TreeMap<Long, Sent> sent = new TreeMap<>();
  final Set<Long> started = new HashSet<>();
  long highest;

  Follower(Submission.Subscribe asked, int at) {
    this.asked = asked;
    this.askedAt = at;
    this.strict = asked.options.strict();
    this.maxInFlight = asked.options.maxInFlight();
    this.leaseUntil = asked.options.leaseUntil();
  }

  boolean living() {
    return ends == 0 && !gone;
  }

  Sent sent(long update) {
    return sent.computeIfAbsent(update, id -> new Sent());
  }

  /** A request to it is written by the owner of its lane. */
  void written(SimulatedPost post, SimulatedTables tables) {
    silent(post);
    inOrder(post, tables);
    highest = Math.max(highest, post.update);
    started.add(post.update);
    post.further.forEach(each -> started.add(each.id));
  }

  /** P5, P6 and holds. */
  private void silent(SimulatedPost post) {
    long subscription = post.delivery.subscription.id;
    if (endedAt >= 0) {
      throw new Violation("P5: a request starts after the unsubscribe of " + subscription);
    }
    if (held) {
      throw new Violation("R9: a request starts while held: " + subscription);
    }
    if (!post.thawed && post.owner.node.now() - 100 > leaseUntil) {
      throw new Violation("P6: a request starts after the lease of " + subscription);
    }
  }

  /** P3. */
  private void inOrder(SimulatedPost post, SimulatedTables tables) {
    long subscription = post.delivery.subscription.id;
    if (post.update < highest && !started.contains(post.update)) {
      throw new Violation(
          "P3: first attempt of "
              + post.update
              + " after that of a newer one: "
              + highest
              + " for "
              + subscription);
    }
    if (strict) {
      Sent again = sent(post.update);
      if (post.update < highest && again.givenUp && !again.heard && !again.redelivered) {
        throw new Violation(
            "P3: strict: " + post.update + " starts again for " + subscription + " after its end");
      }
      for (Map.Entry<Long, Sent> each : sent.headMap(post.update).entrySet()) {
        if (!each.getValue().heard
            && !each.getValue().redelivered
            && !tables.resolved(subscription, each.getKey())) {
          throw new Violation(
              "P3: strict: "
                  + post.update
                  + " starts before "
                  + each.getKey()
                  + " has ended for "
                  + subscription);
        }
      }
    }
  }

  /** What was sent of one delivery. */
  static final class Sent {
    int arrived;
    int allowed = 1;
    boolean heard;
    boolean givenUp;
    boolean redelivered;
  }
}
