package io.livehook.lane;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * R14: what retention overtakes becomes a recorded gap first; then the lane's floor is raised,
 * never above its watermark, a committed {@code since}, or a waiting retry.
 */
final class Retention {
  private final Owner owner;
  private long horizon;
  private boolean asked;
  private boolean wanted;

  Retention(Owner owner) {
    this.owner = owner;
  }

  /** Updates at or below this id may be forgotten. */
  void ask(long through) {
    horizon = through;
    asked = true;
  }

  /** Waits for what a takeover still has to load: a behind row not yet in memory bounds too. */
  boolean wanted() {
    if (asked && owner.loads.idle()) {
      asked = false;
      wanted = true;
      owner.behinds.overtake(horizon);
    }
    return wanted;
  }

  /** Sent when every flush before it was read as committed. False: no floor can move. */
  boolean send() {
    wanted = false;
    int[] lanes = new int[owner.lanes().length];
    long[] floors = new long[lanes.length];
    int count = 0;
    for (@Nullable Lane lane : owner.lanes()) {
      if (lane == null) {
        continue;
      }
      long floor = Math.min(horizon, lane.watermark.sent);
      floor = Math.min(floor, owner.behinds.lowestSince(lane));
      floor = Math.min(floor, owner.retries.lowestRunning(lane) - 1);
      if (floor > lane.floor) {
        lane.floor = floor;
        owner.retries.overtake(lane, floor);
        lanes[count] = lane.number;
        floors[count++] = floor;
      }
    }
    if (count == 0) {
      return false;
    }
    owner.orders.retain(Arrays.copyOf(lanes, count), Arrays.copyOf(floors, count));
    return true;
  }
}
