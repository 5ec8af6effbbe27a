package io.livehook.lane;

import io.livehook.lane.AppendBatch.Line;
import io.livehook.lane.AppendBatch.Stored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * R6: one append under way per owner; the batch is whatever queued meanwhile. Ids, {@code sub_ver}
 * and sequence are taken from memory when the batch is built, so that they grow in commit order.
 */
final class Appends {
  private final Owner owner;
  private final ArrayDeque<Submission.Push> queue = new ArrayDeque<>();
  private @Nullable AppendBatch underWay;

  /** So many of the first in the queue go one by one: a batch with them was refused. */
  private int single;

  /** No push is older that has no verdict yet. */
  private long oldest = Long.MAX_VALUE;

  // Under load the next batch waits a moment for what the last one's answers bring forth.
  private int gathering;
  private int gathered;
  private long gatherUntil = Long.MIN_VALUE;

  Appends(Owner owner) {
    this.owner = owner;
  }

  /** A push whose resource is loaded. */
  void push(Submission.Push push, Resource resource) {
    String key = push.idempotencyKey;
    if (key != null && !resource.runningKeys.add(key)) {
      owner.answer(push, new Verdict.StillRunning());
      return;
    }
    resource.pending++;
    resource.lane.appending++;
    queue.add(push);
    oldest = Math.min(oldest, push.since);
  }

  boolean idle() {
    return underWay == null && queue.isEmpty();
  }

  /** Sends the next batch if none is under way. */
  void send() {
    if (underWay != null || queue.isEmpty() || gathers()) {
      return;
    }
    List<Line> lines = new ArrayList<>(Math.min(queue.size(), owner.limits.batch()));
    List<Resource> created = new ArrayList<>(0);
    boolean keyed = false;
    int bytes = 0;
    int most = single > 0 ? 1 : owner.limits.batch();
    single = Math.max(0, single - 1);
    while (lines.size() < most) {
      Submission.Push push = queue.peek();
      if (push == null
          || (!lines.isEmpty() && bytes + push.body.length > owner.limits.batchBytes())) {
        break;
      }
      boolean changes = push.kind == UpdateKind.CHANGES;
      if (changes && outOfChain(push, lines)) {
        continue;
      }
      Line line = line(push, created, keyed || changes ? lines : List.of());
      if (line == null) {
        break;
      }
      queue.remove();
      bytes += push.body.length;
      keyed |= push.idempotencyKey != null;
      lines.add(line);
    }
    if (lines.isEmpty()) {
      return; // all that queued was out of its chain
    }
    AppendBatch batch = new AppendBatch(lines, created, keyed);
    underWay = batch;
    owner.orders.append(batch);
  }

  /** Changes that do not follow the last ones get their answer (PUSH-3). */
  private boolean outOfChain(Submission.Push push, List<Line> earlier) {
    Resource resource = owner.lane(push.lane).resource(push.tenant, push.uri);
    Chain chain = resource.chain;
    if (chain == null || chain.continuedBy(push) || waitsFor(earlier, push, resource)) {
      return false;
    }
    queue.remove();
    done(push, resource);
    owner.answer(push, new Verdict.OutOfChain(String.valueOf(chain.last())));
    return true;
  }

  /**
   * The fate of an earlier line of its resource decides its sequence; and what a chain starts from
   * is known only when the lines before are committed.
   */
  private static boolean waitsFor(List<Line> earlier, Submission.Push push, Resource resource) {
    boolean starts = push.kind == UpdateKind.CHANGES && resource.chain == null;
    for (Line each : earlier) {
      if (each.update().resource == resource && (starts || each.push().idempotencyKey != null)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Origins that wait for an answer before they send again would otherwise split into two halves
   * that take turns, and a statement costs as much as twenty of its lines. Not for all of them:
   * some turn to other owners meanwhile. Below {@link Limits#GATHER_FROM} nothing ever waits, and a
   * moment without a new push ends it.
   */
  private boolean gathers() {
    return queue.size() < gathering && owner.now < gatherUntil && single == 0 && !owner.draining();
  }

  /** Whether a batch waits for more, which {@link #lull} will end. */
  boolean gathering() {
    return underWay == null && !queue.isEmpty() && gathers();
  }

  /** A moment has passed. If it has brought nothing, the batch goes as it is. */
  void lull() {
    if (queue.size() == gathered) {
      gathering = 0;
    }
    gathered = queue.size();
  }

  /** The line for a push, or null: it must wait for the next batch. */
  private @Nullable Line line(Submission.Push push, List<Resource> created, List<Line> earlier) {
    Lane lane = owner.lane(push.lane);
    Resource resource = lane.resource(push.tenant, push.uri);
    if (waitsFor(earlier, push, resource)) {
      return null;
    }
    if (!resource.stored && !created.contains(resource)) {
      resource.id = lane.ids.next(owner.now);
      created.add(resource);
    }
    boolean changes = push.kind == UpdateKind.CHANGES;
    if (changes && resource.chain == null) {
      var head = new Chain.Head(resource.last, resource.last, null, resource.etag);
      resource.chain = new Chain(head, 0, false);
    }
    long id = lane.ids.next(owner.now);
    Chain chain = resource.chain;
    LogRow row =
        new LogRow(
            id,
            resource.id,
            resource.subVer,
            changes ? resource.sequence : ++resource.sequence,
            push.kind,
            chain == null ? push.etag : chain.etag(push),
            push.contentType,
            push.headers,
            null,
            chain == null ? null : chain.add(id, push),
            push.body);
    return new Line(push, new Update(row, resource));
  }

  /** The statement committed: the tail moves, the origins get their answers, then fan-out. */
  void appended(AppendBatch batch, AppendBatch.Result result) {
    finish(batch);
    for (Resource resource : batch.created()) {
      resource.stored = true;
      resource.lane.name(resource);
    }
    List<@Nullable Stored> lost = result.lost();
    List<Update> accepted = new ArrayList<>(batch.lines().size());
    for (int i = 0; i < batch.lines().size(); i++) {
      Line line = batch.lines().get(i);
      Stored stored = lost == null ? null : lost.get(i);
      done(line.push(), line.update().resource);
      if (stored == null) {
        accepted.add(line.update());
        accept(line);
      } else {
        takeBack(line.update());
        owner.answer(line.push(), replay(line, stored));
      }
    }
    for (Update update : accepted) {
      owner.fanOut(update);
    }
    batch.created().forEach(owner::decided);
  }

  private void accept(Line line) {
    Update update = line.update();
    Resource resource = update.resource;
    resource.lane.tail = Math.max(resource.lane.tail, update.id);
    boolean created = !resource.hasValue;
    resource.hasValue = update.kind != UpdateKind.DELETED;
    update.previousEtag = resource.etag;
    resource.etag = update.etag;
    resource.last = update.id;
    Chain chain = resource.chain;
    if (chain != null && update.place != null) {
      chain.accepted(update, update.place);
    } else if (chain != null) {
      chain.follow(update);
    }
    owner.answer(
        line.push(), new Verdict.Accepted(update.id, created, false, resource.collection()));
  }

  private static Verdict replay(Line line, Stored stored) {
    return Arrays.equals(line.push().bodyHash, stored.bodyHash())
        ? new Verdict.Accepted(stored.update(), false, true, line.update().resource.collection())
        : new Verdict.KeyReused();
  }

  /**
   * An SQL error on a living connection: a definite rollback. Content that PostgreSQL refuses is
   * searched for line by line.
   */
  void refused(AppendBatch batch, boolean content, String why) {
    finish(batch);
    for (int i = batch.lines().size() - 1; i >= 0; i--) {
      Line line = batch.lines().get(i);
      Submission.Push push = line.push();
      Resource resource = line.update().resource;
      takeBack(line.update());
      if (content && batch.lines().size() > 1 && !push.answered) {
        queue.addFirst(push);
        oldest = Math.min(oldest, push.since);
        single++;
        continue;
      }
      done(push, resource);
      owner.answer(push, content ? new Verdict.Refused(why) : new Verdict.Unavailable(1));
    }
  }

  /** The last sequence was not used after all, unless a subscription already starts behind it. */
  private static void takeBack(Update update) {
    Resource resource = update.resource;
    if (update.kind != UpdateKind.CHANGES && resource.sequence > resource.sequenceFloor) {
      resource.sequence--;
    }
    Chain chain = resource.chain;
    if (chain != null && update.place != null) {
      chain.takeBack(update.kind);
      resource.chain = chain.stored ? chain : null;
    }
  }

  private void finish(AppendBatch batch) {
    if (underWay != batch) {
      throw new IllegalStateException("not the append under way");
    }
    underWay = null;
    int crowd = batch.lines().size() + queue.size();
    gathering = crowd < Limits.GATHER_FROM ? 0 : Math.min(crowd * 3 / 4, owner.limits.batch());
    gathered = 0;
    gatherUntil = owner.now + Limits.GATHER;
    if (queue.isEmpty()) {
      oldest = Long.MAX_VALUE;
    }
  }

  private void done(Submission.Push push, Resource resource) {
    resource.pending--;
    resource.lane.appending--;
    if (push.idempotencyKey != null) {
      resource.runningKeys.remove(push.idempotencyKey);
    }
    if (!resource.stored && resource.pending == 0) {
      owner.decided(resource);
    }
  }

  /** Answers 503 to what has waited too long; what is in the statement may yet be in the log. */
  void expire(long before) {
    if (oldest > before) {
      return;
    }
    oldest = Long.MAX_VALUE;
    queue.removeIf(
        push -> {
          if (push.since > before) {
            oldest = Math.min(oldest, push.since);
            return false;
          }
          done(push, owner.lane(push.lane).resource(push.tenant, push.uri));
          owner.answer(push, new Verdict.Unavailable(1));
          return true;
        });
    AppendBatch batch = underWay;
    if (batch != null) {
      for (Line line : batch.lines()) {
        Submission.Push push = line.push();
        if (push.since <= before) {
          owner.answer(push, new Verdict.Unavailable(1));
        } else {
          oldest = Math.min(oldest, push.since);
        }
      }
    }
  }

  /** When the longest waiting push without a verdict arrived, at the earliest. */
  long oldest() {
    return oldest;
  }

  /** The owner is over: everybody gets 503. */
  void drop() {
    expire(Long.MAX_VALUE);
  }
}
