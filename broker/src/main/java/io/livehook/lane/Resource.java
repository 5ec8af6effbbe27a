package io.livehook.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A resource in its owner's memory: its subscriptions, and the chain of its updates above {@code
 * chainLow}. Everything of the log at or below that is read back in pages.
 */
public final class Resource {
  final Lane lane;

  /** Its number; 0 until its first update is put into a batch. */
  long id;

  long tenant;
  String uri;
  long subVer;
  long sequence;

  /** A subscription starts or ends at this sequence: it must not be taken back below. */
  long sequenceFloor;

  boolean hasValue;

  /** Of its newest accepted update, or null. */
  @Nullable String etag;

  /** Its newest accepted update, or 0. */
  long last;

  /** Of a collection; null for an object. */
  @Nullable Chain chain;

  /** Its row is committed. */
  boolean stored;

  boolean loaded;
  boolean loading;
  long usedAt;

  /** What came before it was loaded. */
  final ArrayDeque<Submission> waiting = new ArrayDeque<>();

  final List<Subscription> subscriptions = new ArrayList<>();

  /** Idempotency keys being worked on. */
  final Set<String> runningKeys = new HashSet<>();

  /** Submissions accepted into a queue and not yet decided: it must not be evicted. */
  int pending;

  @Nullable Update chainHead;
  @Nullable Update chainTail;

  /** Every update of this resource above this and at or below the lane's tail is in the chain. */
  long chainLow;

  final List<Reads.Page> pages = new ArrayList<>();

  /** Subscriptions that wait for a read, and the lowest place they need. */
  final List<Subscription> readers = new ArrayList<>();

  long readFrom = Long.MAX_VALUE;
  int readLimit;

  Resource(Lane lane, long tenant, String uri) {
    this.lane = lane;
    this.tenant = tenant;
    this.uri = uri;
  }

  public int lane() {
    return lane.number;
  }

  public long id() {
    return id;
  }

  public long tenant() {
    return tenant;
  }

  public String uri() {
    return uri;
  }

  /** It is being configured before its first update: updates wait, since both would make it. */
  boolean creating;

  /** Whether something must wait until it is decided who makes the resource. */
  boolean undecided(Submission submission) {
    boolean configures = submission instanceof Submission.Configure;
    return !stored && (creating || (configures && pending > 0));
  }

  /** Answers 503 to what has waited too long; since when the rest waits, at the earliest. */
  long expireWaiting(Owner owner, long before) {
    long oldest = Long.MAX_VALUE;
    for (Submission each : List.copyOf(waiting)) {
      if (each.since <= before) {
        waiting.remove(each);
        owner.answer(each, new Verdict.Unavailable(1));
      } else {
        oldest = Math.min(oldest, each.since);
      }
    }
    return oldest;
  }

  /** It has changes, not only values. */
  public boolean collection() {
    return chain != null;
  }

  /** A collection that the table still has as an object. */
  public boolean turns() {
    return stored && chain != null && !chain.stored;
  }

  void append(Update update) {
    Update last = chainTail;
    if (last == null) {
      chainHead = update;
    } else {
      last.nextInResource = update;
    }
    chainTail = update;
  }

  /** The first link with a higher id, or null. */
  @Nullable Update inChainAfter(long id) {
    Update last = chainTail;
    if (last == null || last.id <= id) {
      return null;
    }
    Update link = chainHead;
    while (link != null && link.id <= id) {
      link = link.nextInResource;
    }
    return link;
  }

  @Nullable Update inChain(long id) {
    Update link = inChainAfter(id - 1);
    return link != null && link.id == id ? link : null;
  }

  /** Drops the first link, whose deliveries are all resolved at or below the watermark. */
  void dropFirst(Update first) {
    if (chainHead != first) {
      throw new IllegalStateException("update " + first.id + " is not the first of its resource");
    }
    chainLow = first.id;
    chainHead = first.nextInResource;
    if (chainHead == null) {
      chainTail = null;
    }
  }
}
