package io.livehook.lane;

import java.util.ArrayList;

/** R4: what is above the watermark of an adopted lane is owed until the tables say otherwise. */
final class Recovery {
  private Recovery() {}

  /**
   * Puts the heads of the log above the watermark into the chains. Each is held by one count until
   * its resource is loaded and it is known whom it is owed to.
   */
  static void recover(Owner owner, Lane lane, LaneSnapshot found) {
    for (LogRow row : found.above()) {
      Resource resource = lane.resource(row.resource());
      if (resource.chainHead == null) {
        resource.chainLow = found.watermark();
      }
      Update update = new Update(row, resource);
      update.unresolved = 1;
      resource.append(update);
      lane.watermark.add(update);
      owner.loads.want(resource);
    }
    for (LogRead.RecoveredAttempt each : found.attempts()) {
      lane.recovered.computeIfAbsent(each.subscription(), id -> new ArrayList<>()).add(each);
    }
    for (long id : found.resources()) {
      owner.loads.want(lane.resource(id));
    }
  }
}
