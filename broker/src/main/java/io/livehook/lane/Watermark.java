package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * R10: the watermark of one lane, by a count of unresolved subscriptions per update. It advances
 * only over what a flush was <em>read</em> to have committed, and stands while a {@code gone}
 * transaction is under way.
 */
final class Watermark {
  private final Lane lane;

  /** First and last update above the highest watermark ever sent. */
  private @Nullable Update head;

  private @Nullable Update tail;
  private int length;

  /** Where the search for the oldest unresolved update goes on. */
  private @Nullable Update searched;

  /** Highest ever sent; nothing at or below it may become open again without a behind row. */
  long sent;

  long sentAt;
  private long raisedAt;

  Watermark(Lane lane, long found) {
    this.lane = lane;
    this.sent = found;
  }

  void add(Update update) {
    Update last = tail;
    if (last == null) {
      head = update;
    } else {
      last.nextInLane = update;
    }
    tail = update;
    length++;
  }

  /** Updates above the watermark. */
  int length() {
    return length;
  }

  /**
   * The oldest update that somebody who counts still waits for, or null; for overload, not for
   * safety: who counts again after having been behind is seen from the next watermark on.
   */
  @Nullable Update oldestUnresolved() {
    Update link = searched == null ? head : searched;
    while (link != null && link.unresolved == 0) {
      link = link.nextInLane;
    }
    searched = link;
    return link;
  }

  /** The watermark that may be sent now. */
  long reachable() {
    if (lane.gonePending > 0) {
      return sent;
    }
    long reached = sent;
    Update link = head;
    while (link != null && link.unresolved == 0) {
      reached = link.id;
      link = link.nextInLane;
    }
    return link == null ? Math.max(reached, lane.tail) : reached;
  }

  /** Takes note that {@code reached} is being sent; drops the updates at or below it. */
  void send(long reached, long now) {
    sent = reached;
    sentAt = now;
    searched = null;
    Update link = head;
    while (link != null && link.id <= reached) {
      link.resource.dropFirst(link);
      length--;
      link = link.nextInLane;
    }
    head = link;
    if (link == null) {
      tail = null;
    }
  }

  /** A quiet lane moves too: its tail is raised to the clock, and ids number above it. */
  void raiseWhenQuiet(long now) {
    if (head == null && lane.appending == 0 && now - raisedAt >= Limits.QUIET) {
      raisedAt = now;
      long bound = LaneIds.bound(now);
      if (bound > lane.tail) {
        lane.tail = bound;
        lane.ids.raise(bound);
      }
    }
  }
}
