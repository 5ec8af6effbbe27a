package io.livehook.lane;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the next update of a collection continues (PUSH-3). It runs ahead of the database while an
 * append is under way, and is taken back when that is refused.
 */
final class Chain {
  /** The resource's row says that it is a collection. */
  boolean stored;

  /** Changes and deletions so far. */
  long sequence;

  /** A subscription starts or ends at this sequence: it must not be taken back below. */
  long sequenceFloor;

  private Head committed;
  private Head ahead;

  /**
   * The newest update.
   *
   * @param last its id
   * @param value id of the newest value or deletion
   * @param changesId the origin's id of the newest changes, or null: any go on from here
   * @param etag of the value
   */
  record Head(long last, long value, @Nullable String changesId, @Nullable String etag) {}

  Chain(Head head, long sequence, boolean stored) {
    this.committed = head;
    this.ahead = head;
    this.sequence = sequence;
    this.stored = stored;
  }

  /** Whether these changes follow what was accepted last; anything else follows everything. */
  boolean continuedBy(Submission.Push push) {
    return push.kind != UpdateKind.CHANGES
        || ahead.changesId == null
        || Objects.equals(ahead.changesId, push.previousChangesId);
  }

  /** The id that changes must name as the one before; null: none. */
  @Nullable String last() {
    return ahead.changesId;
  }

  /** Changes leave the value and its tag as they are, and so do hints. */
  @Nullable String etag(Submission.Push push) {
    return Mode.VALUE.suits(push.kind) ? push.etag : ahead.etag;
  }

  /** The place of an update that is being appended. A value says itself which changes it has. */
  Place add(long id, Submission.Push push) {
    Head before = ahead;
    if (Mode.CHANGES.suits(push.kind)) {
      sequence++;
    }
    long value = Mode.VALUE.suits(push.kind) ? id : before.value;
    String changesId = push.kind == UpdateKind.HINT ? before.changesId : push.changesId;
    ahead = new Head(id, value, changesId, etag(push));
    return new Place(before.last, value, sequence, changesId);
  }

  void accepted(Update update, Place place) {
    stored = true;
    committed = new Head(update.id, place.value(), place.changesId(), update.etag);
  }

  /** An update that was appended as that of an object, before the resource became a collection. */
  void follow(Update update) {
    committed = new Head(update.id, update.id, null, update.etag);
    ahead = committed;
  }

  /** An update that was added is not in the log after all. */
  void takeBack(UpdateKind kind) {
    ahead = committed;
    if (Mode.CHANGES.suits(kind) && sequence > sequenceFloor) {
      sequence--;
    }
  }
}
