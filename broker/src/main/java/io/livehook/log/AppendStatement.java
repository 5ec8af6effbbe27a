package io.livehook.log;

import io.livehook.lane.AppendBatch;
import io.livehook.lane.AppendBatch.Line;
import io.livehook.lane.AppendBatch.Result;
import io.livehook.lane.AppendBatch.Stored;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Place;
import io.livehook.lane.Resource;
import io.livehook.platform.Ids;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** R6 on PostgreSQL: one fenced statement, synchronous commit, on the owner's append connection. */
final class AppendStatement {
  private final PgConnection connection;
  private final long owner;
  private final Ids ids;

  AppendStatement(PgConnection connection, long owner, Ids ids) {
    this.connection = connection;
    this.owner = owner;
    this.ids = ids;
  }

  /** Fails with {@link Fenced} when the owner is over; nothing was written then. */
  Future<Result> run(AppendBatch batch) {
    Columns<Line> columns = lines(batch);
    if (!batch.keyed() && batch.created().isEmpty() && !batch.chained()) {
      return connection
          .preparedQuery(Sql.APPEND)
          .execute(columns.tuple())
          .map(rows -> complete(rows.rowCount(), batch));
    }
    return connection
        .preparedQuery(Sql.APPEND_ALL)
        .execute(all(columns, batch))
        .compose(rows -> outcome(batch, rows));
  }

  private Columns<Line> lines(AppendBatch batch) {
    return Columns.of(batch.lines())
        .value(owner)
        .longs(line -> line.update().id)
        .longs(line -> line.update().resource.id())
        .longs(line -> line.update().subVer)
        .longs(line -> line.update().sequence)
        .shorts(line -> line.update().kind.code())
        .texts(line -> line.update().etag)
        .texts(line -> line.update().contentType)
        .texts(line -> line.update().headers)
        .bytes(line -> line.push().body);
  }

  private Tuple all(Columns<Line> lines, AppendBatch batch) {
    Tuple tuple = lines.tuple();
    Tuple resources =
        Columns.of(batch.created())
            .longs(Resource::id)
            .uuids(resource -> ids.next())
            .longs(Resource::tenant)
            .texts(Resource::uri)
            .bytes(resource -> LaneOf.sha256(resource.uri().getBytes(StandardCharsets.UTF_8)))
            .ints(Resource::lane)
            .texts(resource -> resource.collection() ? "collection" : "object")
            .tuple();
    for (int i = 0; i < resources.size(); i++) {
      tuple.addValue(resources.getValue(i));
    }
    lines
        .texts(line -> line.push().idempotencyKey)
        .bytes(line -> line.push().bodyHash)
        .longsOrNull(line -> place(line, Place::previous))
        .longsOrNull(line -> place(line, Place::value))
        .longsOrNull(line -> place(line, Place::sequence))
        .texts(line -> line.update().place == null ? null : line.update().place.changesId());
    return tuple.addArrayOfLong(turned(batch));
  }

  private static @Nullable Long place(Line line, Function<Place, Long> part) {
    Place place = line.update().place;
    return place == null ? null : part.apply(place);
  }

  private static Long[] turned(AppendBatch batch) {
    return batch.lines().stream()
        .map(line -> line.update().resource)
        .filter(Resource::turns)
        .map(Resource::id)
        .distinct()
        .toArray(Long[]::new);
  }

  private Result complete(int inserted, AppendBatch batch) {
    if (inserted != batch.lines().size()) {
      throw new Fenced(owner);
    }
    return new Result(null);
  }

  /**
   * The insert has committed: if what its lost keys stand for cannot be read, that is no rollback
   * but the end of the owner, whose successor finds the rows in the log.
   */
  private Future<Result> outcome(AppendBatch batch, RowSet<Row> inserted) {
    if (inserted.size() == batch.lines().size()) {
      return Future.succeededFuture(new Result(null));
    }
    Set<Long> won = new HashSet<>();
    inserted.forEach(row -> won.add(row.getLong(0)));
    List<Line> lost =
        batch.lines().stream().filter(line -> !won.contains(line.update().id)).toList();
    return connection
        .preparedQuery(Sql.STORED_KEYS)
        .execute(
            Columns.of(lost)
                .longs(line -> line.update().resource.id())
                .texts(line -> line.push().idempotencyKey)
                .tuple())
        .map(rows -> lost(batch, won, lost.size(), rows))
        .recover(
            failure ->
                Future.failedFuture(
                    new IllegalStateException("committed, but its keys were not read", failure)));
  }

  /** Rows missing without a lost key mean that the owner is fenced. */
  private Result lost(AppendBatch batch, Set<Long> won, int expected, RowSet<Row> rows) {
    if (rows.size() != expected) {
      throw new Fenced(owner);
    }
    List<@Nullable Stored> stored = new ArrayList<>();
    var each = rows.iterator();
    for (Line line : batch.lines()) {
      if (won.contains(line.update().id)) {
        stored.add(null);
      } else {
        Row row = each.next();
        stored.add(new Stored(row.getLong("update_id"), row.getBuffer("body_hash").getBytes()));
      }
    }
    return new Result(stored);
  }
}
