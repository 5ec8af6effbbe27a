package io.livehook.lane;

import java.util.List;

/**
 * A read of one resource's log in (from, to], oldest first, at most {@code limit} rows and about 1
 * MiB.
 *
 * @param recovered subscriptions for which the ends and waiting retries in that range are wanted
 *     too
 */
public record LogRead(Resource resource, long from, long to, int limit, long[] recovered) {
  /**
   * @param complete every row of the range is there; else the last row ends the page
   */
  public record Result(List<LogRow> rows, boolean complete, List<RecoveredAttempt> attempts) {}

  /**
   * What the tables know of a delivery from before this owner.
   *
   * @param number highest attempt
   * @param ended it has an end, or a retry row: no first attempt any more
   */
  public record RecoveredAttempt(long subscription, long update, int number, boolean ended) {}
}
