package io.livehook.log;

import io.livehook.lane.ChangeBatch;
import io.livehook.lane.ChangeBatch.Change;
import io.livehook.lane.ChangeBatch.Configured;
import io.livehook.lane.ChangeBatch.Created;
import io.livehook.lane.ChangeBatch.Ended;
import io.livehook.lane.ChangeBatch.Held;
import io.livehook.lane.ChangeBatch.Redelivered;
import io.livehook.lane.ChangeBatch.Released;
import io.livehook.lane.ChangeBatch.Renewed;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Submission;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** R12 on PostgreSQL: subscription changes, one synchronous transaction on the flush connection. */
final class ChangeStatements {
  private final PgConnection connection;
  private final long owner;

  ChangeStatements(PgConnection connection, long owner) {
    this.connection = connection;
    this.owner = owner;
  }

  /** Which changes found something to change; all of them are committed. */
  Future<boolean[]> run(ChangeBatch batch) {
    boolean[] found = new boolean[batch.changes().size()];
    Arrays.fill(found, true);
    return Transaction.run(connection, owner, true, () -> statements(batch, found))
        .map(committed -> found);
  }

  private List<Future<?>> statements(ChangeBatch batch, boolean[] found) {
    List<Future<?>> sent = new ArrayList<>();
    List<Created> created = of(batch, Created.class);
    List<Ended> ended = of(batch, Ended.class);
    if (!created.isEmpty() || !ended.isEmpty()) {
      sent.add(versions(created, ended));
    }
    if (!created.isEmpty()) {
      sent.add(created(created));
    }
    if (!ended.isEmpty()) {
      sent.add(ended(ended));
    }
    for (int i = 0; i < found.length; i++) {
      single(batch.changes().get(i), i, found, sent);
    }
    sent.add(audit(batch.changes()));
    return sent;
  }

  private static <T> List<T> of(ChangeBatch batch, Class<T> kind) {
    return batch.changes().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private Future<?> versions(List<Created> created, List<Ended> ended) {
    Map<Long, Long> versions = new HashMap<>();
    created.forEach(each -> versions.merge(each.resource().id(), each.fromVer(), Math::max));
    ended.forEach(each -> versions.merge(each.resource().id(), each.toVer(), Math::max));
    List<Map.Entry<Long, Long>> rows =
        versions.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    return execute(
        Sql.CHANGE_VERSIONS,
        Columns.of(rows).longs(Map.Entry::getKey).longs(Map.Entry::getValue).tuple());
  }

  private Future<?> created(List<Created> rows) {
    return execute(
        Sql.CHANGE_CREATED,
        Columns.of(rows)
            .longs(Created::id)
            .uuids(row -> UUID.fromString(row.asked().publicId))
            .longs(row -> row.resource().tenant())
            .longs(row -> row.resource().id())
            .ints(row -> row.resource().lane())
            .texts(row -> row.asked().label)
            .texts(row -> row.asked().options.callback())
            .bytes(row -> hash(row.asked().options.callback()))
            .texts(row -> row.asked().options.host())
            .longs(Created::fromVer)
            .longs(Created::fromSequence)
            .booleans(row -> row.asked().options.strict())
            .ints(row -> row.asked().options.maxInFlight())
            .texts(row -> row.asked().options.retrySchedule())
            .texts(row -> row.asked().options.secret())
            .longs(row -> row.asked().options.leaseUntil())
            .texts(row -> row.asked().options.mode().label())
            .booleans(row -> row.asked().options.merge())
            .texts(row -> row.asked().options.form())
            .tuple());
  }

  private static byte[] hash(String uri) {
    return LaneOf.sha256(uri.getBytes(StandardCharsets.UTF_8));
  }

  private Future<?> ended(List<Ended> rows) {
    return execute(
        Sql.CHANGE_ENDED,
        Columns.of(rows)
            .longs(row -> row.subscription().id)
            .texts(row -> row.reason().label())
            .longs(Ended::toVer)
            .longs(Ended::toSequence)
            .tuple());
  }

  private void single(Change change, int index, boolean[] found, List<Future<?>> sent) {
    switch (change) {
      case Created created -> {}
      case Ended ended -> {}
      case Renewed renewed -> sent.add(renewed(renewed));
      case Configured configured -> sent.add(configured(configured));
      case Held held -> sent.add(held(held));
      case Released released ->
          sent.add(execute(Sql.CHANGE_RELEASED, Tuple.of(released.subscription().id)));
      case Redelivered redelivered ->
          sent.add(
              execute(
                      Sql.CHANGE_REDELIVERED,
                      Tuple.of(
                          redelivered.subscription().id,
                          redelivered.update(),
                          redelivered.resource().lane()))
                  .onSuccess(rows -> found[index] = rows.size() == 1));
    }
  }

  private Future<?> renewed(Renewed renewed) {
    var options = renewed.options();
    return execute(
        Sql.CHANGE_RENEWED,
        Tuple.tuple()
            .addLong(renewed.subscription().id)
            .addBoolean(options.strict())
            .addInteger(options.maxInFlight())
            .addString(options.retrySchedule())
            .addString(options.secret())
            .addLong(options.leaseUntil())
            .addBoolean(options.merge())
            .addString(options.form()));
  }

  private Future<?> configured(Configured configured) {
    Submission.Configure asked = configured.asked();
    return execute(
        Sql.CHANGE_CONFIGURED,
        Tuple.tuple()
            .addLong(configured.id())
            .addUUID(UUID.fromString(asked.publicId))
            .addLong(asked.tenant)
            .addString(asked.uri)
            .addBuffer(Buffer.buffer(hash(asked.uri)))
            .addInteger(asked.lane)
            .addBoolean(asked.wanted.collection())
            .addString(asked.wanted.openToSubscribe() ? "open" : "key")
            .addString(asked.wanted.openToRead() ? "open" : "key"));
  }

  private Future<?> held(Held held) {
    return execute(
        Sql.FLUSH_BEHIND,
        Columns.of(List.of(held))
            .longs(row -> row.subscription().id)
            .ints(row -> row.resource().lane())
            .longs(Held::since)
            .texts(row -> "held")
            .longs(row -> 0)
            .tuple());
  }

  private Future<?> audit(List<Change> changes) {
    return execute(
        Sql.CHANGE_AUDIT,
        Columns.of(changes)
            .ints(change -> change.resource().lane())
            .longs(change -> change.resource().tenant())
            .texts(change -> change.actor().name())
            .texts(AuditedChange::action)
            .texts(AuditedChange::subject)
            .texts(change -> change.actor().requestId())
            .texts(AuditedChange::before)
            .texts(AuditedChange::after)
            .tuple());
  }

  private Future<RowSet<Row>> execute(String sql, Tuple tuple) {
    return connection.preparedQuery(sql).execute(tuple);
  }
}
