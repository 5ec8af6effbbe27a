package io.livehook.log;

import io.livehook.lane.LaneIds;
import io.livehook.lane.LaneSnapshot;
import io.livehook.lane.LogRead.RecoveredAttempt;
import io.livehook.lane.LogRow;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * R4, after the sign-on: end the owners that are replaced, take their lanes, and only then, in new
 * statements, find out what they hold.
 */
final class Takeover {
  private final PgConnection connection;
  private final int[] lanes;

  /**
   * R1. A new owner, signed on in the session that holds the node's name.
   *
   * @param replaced those that it may end: no living owner of another node is among them
   */
  record SignedOn(long epoch, List<Long> replaced) {}

  /** What the new owner found. */
  record Adopted(long epoch, List<LaneSnapshot> lanes) {}

  private record Found(int lane, long watermark, long highest) {}

  private record Log(Map<Integer, List<LogRow>> above, long newest) {}

  Takeover(PgConnection connection, int[] lanes) {
    this.connection = connection;
    this.lanes = lanes;
  }

  Future<Adopted> run(SignedOn owner) {
    return endAndAdopt(owner).compose(this::find);
  }

  /** A lane that somebody else has taken meanwhile stays theirs: then this owner is over. */
  private Future<Long> endAndAdopt(SignedOn owner) {
    Long[] replaced = owner.replaced().toArray(Long[]::new);
    long epoch = owner.epoch();
    Tuple adopting =
        Tuple.tuple()
            .addArrayOfInteger(FlushStatements.boxed(lanes))
            .addLong(epoch)
            .addArrayOfLong(replaced);
    return execute(Sql.END_OWNERS, Tuple.tuple().addArrayOfLong(replaced))
        .compose(ended -> execute(Sql.ADOPT_LANES, adopting))
        .map(
            adopted -> {
              if (adopted.rowCount() != lanes.length) {
                throw new Fenced(epoch);
              }
              return epoch;
            });
  }

  private Future<Adopted> find(long epoch) {
    return execute(Sql.FOUND, Tuple.of(epoch))
        .map(Takeover::found)
        .compose(
            found ->
                above(found)
                    .compose(log -> snapshots(found, log))
                    .map(snapshots -> new Adopted(epoch, snapshots)));
  }

  private static List<Found> found(RowSet<Row> rows) {
    List<Found> found = new ArrayList<>();
    rows.forEach(
        row ->
            found.add(
                new Found(row.getInteger("id"), row.getLong("watermark"), row.getLong("highest"))));
    return found;
  }

  private static long lowest(List<Found> found) {
    return found.stream().mapToLong(Found::watermark).min().orElse(0);
  }

  private Future<Log> above(List<Found> found) {
    Tuple tuple =
        Columns.of(found).ints(Found::lane).longs(Found::watermark).value(lowest(found)).tuple();
    return execute(Sql.ABOVE, tuple).map(Takeover::log);
  }

  private static Log log(RowSet<Row> rows) {
    Map<Integer, List<LogRow>> above = new HashMap<>();
    long newest = 0;
    for (Row row : rows) {
      LogRow head = ReadStatements.head(row, row.getLong("resource_id"));
      newest = Math.max(newest, head.id());
      above.computeIfAbsent(LaneIds.laneOf(head.id()), lane -> new ArrayList<>()).add(head);
    }
    return new Log(above, newest);
  }

  private Future<List<LaneSnapshot>> snapshots(List<Found> found, Log log) {
    Integer[] numbers = FlushStatements.boxed(lanes);
    long lowest = lowest(found);
    Future<RowSet<Row>> done =
        execute(
            Sql.DONE_ABOVE,
            Tuple.tuple().addLong(lowest).addLong(log.newest()).addArrayOfInteger(numbers));
    Future<RowSet<Row>> troubled =
        execute(Sql.TROUBLED, Tuple.tuple().addArrayOfInteger(numbers).addLong(lowest));
    return Future.all(done, troubled)
        .map(both -> snapshots(found, log, done.result(), troubled.result()));
  }

  private static List<LaneSnapshot> snapshots(
      List<Found> found, Log log, RowSet<Row> done, RowSet<Row> troubled) {
    Map<Integer, List<RecoveredAttempt>> attempts = new HashMap<>();
    for (RecoveredAttempt each : ReadStatements.attempts(done)) {
      attempts.computeIfAbsent(LaneIds.laneOf(each.update()), lane -> new ArrayList<>()).add(each);
    }
    Map<Integer, List<Long>> resources = new HashMap<>();
    for (Row row : troubled) {
      resources
          .computeIfAbsent(row.getInteger("lane"), lane -> new ArrayList<>())
          .add(row.getLong("resource_id"));
    }
    List<LaneSnapshot> snapshots = new ArrayList<>();
    for (Found each : found) {
      List<LogRow> above = log.above().getOrDefault(each.lane(), List.of());
      long newest = above.isEmpty() ? 0 : above.get(above.size() - 1).id();
      snapshots.add(
          new LaneSnapshot(
              each.lane(),
              each.watermark(),
              Math.max(Math.max(each.watermark(), each.highest()), newest),
              above,
              attempts.getOrDefault(each.lane(), List.of()).stream()
                  .filter(attempt -> attempt.update() > each.watermark())
                  .toList(),
              resources.getOrDefault(each.lane(), List.of()).stream()
                  .mapToLong(Long::longValue)
                  .toArray()));
    }
    return snapshots;
  }

  private Future<RowSet<Row>> execute(String sql, Tuple tuple) {
    return connection.preparedQuery(sql).execute(tuple);
  }

  static int[] lanesOf(int loop, int loops, int lanes) {
    return java.util.stream.IntStream.range(0, lanes)
        .filter(lane -> lane % loops == loop)
        .toArray();
  }

  @Override
  public String toString() {
    return "takeover of " + Arrays.toString(lanes);
  }
}
