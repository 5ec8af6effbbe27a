package io.livehook.log;

import io.livehook.lane.FlushBatch;
import io.livehook.lane.FlushBatch.Attempt;
import io.livehook.lane.FlushBatch.BehindRow;
import io.livehook.lane.FlushBatch.DeadRow;
import io.livehook.lane.FlushBatch.RetryKey;
import io.livehook.lane.FlushBatch.RetryRow;
import io.livehook.lane.Retries;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** R10 and R11 on PostgreSQL: what goes over the owner's flush connection, but for changes. */
final class FlushStatements {
  private static final Logger LOG = LoggerFactory.getLogger(FlushStatements.class);
  private static final int MOST_RETRIES = 5_000;

  private final PgConnection connection;
  private final long owner;

  FlushStatements(PgConnection connection, long owner) {
    this.connection = connection;
    this.owner = owner;
  }

  /** One transaction, asynchronous commit unless the batch asks otherwise. */
  Future<Void> flush(FlushBatch batch) {
    if (batch.onlyAttempts()) {
      return attempts(batch.attempts);
    }
    return Transaction.run(connection, owner, batch.sync, () -> rows(batch));
  }

  /**
   * PostgreSQL refused what some row of the batch holds: each delivery goes in a transaction of its
   * own. A culprit goes without what its callback said, or at last without its attempts: it holds
   * up nobody else, and its end does not part from its retry row.
   */
  Future<Void> flushSplit(FlushBatch batch) {
    Future<Void> done = Future.succeededFuture();
    for (FlushBatch part : batch.split()) {
      done = done.compose(before -> alone(part));
    }
    return done;
  }

  private Future<Void> alone(FlushBatch part) {
    return part(part)
        .recover(failure -> without(failure, part, FlushBatch::forgetAnswers))
        .recover(failure -> without(failure, part, each -> each.attempts.clear()))
        .recover(failure -> leaveOut(part, failure));
  }

  private Future<Void> part(FlushBatch part) {
    return Transaction.run(connection, owner, true, () -> rows(part));
  }

  private Future<Void> without(Throwable failure, FlushBatch part, Consumer<FlushBatch> leave) {
    if (Trouble.of(failure) != Trouble.CONTENT) {
      return Future.failedFuture(failure);
    }
    LOG.error("flush.part_refused {}: {}", part.describe(), failure.getMessage());
    leave.accept(part);
    return part(part);
  }

  private static Future<Void> leaveOut(FlushBatch part, Throwable failure) {
    if (Trouble.of(failure) != Trouble.CONTENT) {
      // Some parts are committed: the owner ends, since the batch must not go again.
      return Future.failedFuture(new IllegalStateException("a flush is half written", failure));
    }
    LOG.error("flush.part_left_out {}: {}", part.describe(), failure.getMessage());
    return Future.succeededFuture();
  }

  private Future<Void> attempts(List<Attempt> attempts) {
    return connection
        .preparedQuery(Sql.FLUSH_ATTEMPTS)
        .execute(
            Columns.of(attempts)
                .value(owner)
                .longs(Attempt::update)
                .longs(Attempt::subscription)
                .ints(Attempt::number)
                .longs(Attempt::at)
                .ints(Attempt::duration)
                .shorts(Attempt::status)
                .booleans(Attempt::ended)
                .texts(Attempt::reason)
                .bytes(Attempt::answer)
                .tuple())
        .map(
            rows -> {
              if (rows.rowCount() != attempts.size()) {
                throw new Fenced(owner);
              }
              return null;
            });
  }

  private List<Future<?>> rows(FlushBatch batch) {
    List<Future<?>> sent = new ArrayList<>();
    if (!batch.attempts.isEmpty()) {
      sent.add(attempts(batch.attempts));
    }
    if (!batch.retriesEnded.isEmpty()) {
      sent.add(retriesEnded(batch.retriesEnded));
    }
    if (!batch.retries.isEmpty()) {
      sent.add(retries(batch.retries));
    }
    if (!batch.dead.isEmpty()) {
      sent.add(dead(batch.dead));
    }
    for (FlushBatch.GapRow gap : batch.gaps) {
      sent.add(
          execute(
              Sql.FLUSH_GAP,
              Tuple.of(gap.subscription(), gap.resource(), gap.from(), gap.to(), gap.reason())));
    }
    if (!batch.behindEnded.isEmpty()) {
      sent.add(
          execute(
              Sql.FLUSH_BEHIND_ENDED,
              Tuple.tuple().addArrayOfLong(batch.behindEnded.toArray(Long[]::new))));
    }
    if (!batch.behind.isEmpty()) {
      sent.add(behind(batch.behind));
    }
    return sent;
  }

  private Future<?> retries(List<RetryRow> rows) {
    return execute(
        Sql.FLUSH_RETRIES,
        Columns.of(rows)
            .longs(RetryRow::subscription)
            .longs(RetryRow::update)
            .ints(RetryRow::lane)
            .ints(RetryRow::attempts)
            .longs(RetryRow::nextAt)
            .texts(RetryRow::reason)
            .tuple());
  }

  private Future<?> retriesEnded(List<RetryKey> keys) {
    return execute(
        Sql.FLUSH_RETRIES_ENDED,
        Columns.of(keys).longs(RetryKey::subscription).longs(RetryKey::update).tuple());
  }

  private Future<?> dead(List<DeadRow> rows) {
    return execute(
        Sql.FLUSH_DEAD,
        Columns.of(rows)
            .longs(DeadRow::subscription)
            .longs(DeadRow::update)
            .ints(DeadRow::attempts)
            .texts(DeadRow::reason)
            .tuple());
  }

  private Future<?> behind(List<BehindRow> rows) {
    return execute(
        Sql.FLUSH_BEHIND,
        Columns.of(rows)
            .longs(row -> row.subscription().id)
            .ints(row -> row.subscription().resource.lane())
            .longs(BehindRow::since)
            .texts(row -> row.reason().label())
            .longs(BehindRow::probeAt)
            .tuple());
  }

  private Future<RowSet<Row>> execute(String sql, Tuple tuple) {
    return connection.preparedQuery(sql).execute(tuple);
  }

  Future<Void> watermark(int[] lanes, long[] watermarks) {
    Tuple tuple =
        Tuple.tuple()
            .addLong(owner)
            .addArrayOfInteger(boxed(lanes))
            .addArrayOfLong(Arrays.stream(watermarks).boxed().toArray(Long[]::new));
    return execute(Sql.WATERMARK, tuple)
        .map(
            rows -> {
              if (rows.rowCount() != lanes.length) {
                throw new Fenced(owner);
              }
              return null;
            });
  }

  /** R14: retries below the floors end, then the floors are raised, in one transaction. */
  Future<Void> retain(int[] lanes, long[] floors) {
    Integer[] numbers = boxed(lanes);
    Long[] values = Arrays.stream(floors).boxed().toArray(Long[]::new);
    Tuple retries = Tuple.tuple().addArrayOfInteger(numbers).addArrayOfLong(values);
    Tuple raised = Tuple.tuple().addArrayOfInteger(numbers).addArrayOfLong(values).addLong(owner);
    return Transaction.run(
        connection,
        owner,
        true,
        () -> List.of(execute(Sql.RETAIN_RETRIES, retries), execute(Sql.RETAIN_FLOORS, raised)));
  }

  Future<List<Retries.Waiting>> dueRetries(int[] lanes, long until) {
    return execute(
            Sql.DUE_RETRIES,
            Tuple.tuple().addArrayOfInteger(boxed(lanes)).addLong(until).addInteger(MOST_RETRIES))
        .map(FlushStatements::waiting);
  }

  private static List<Retries.Waiting> waiting(RowSet<Row> rows) {
    List<Retries.Waiting> waiting = new ArrayList<>(rows.size());
    for (Row row : rows) {
      waiting.add(
          new Retries.Waiting(
              row.getLong("subscription_id"),
              row.getLong("resource_id"),
              row.getInteger("lane"),
              row.getLong("update_id"),
              row.getInteger("attempts"),
              row.getInteger("number"),
              row.getLong("at")));
    }
    return waiting;
  }

  static Integer[] boxed(int[] values) {
    return Arrays.stream(values).boxed().toArray(Integer[]::new);
  }
}
