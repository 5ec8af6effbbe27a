package io.livehook.log;

import io.livehook.lane.BehindReason;
import io.livehook.lane.LaneOf;
import io.livehook.lane.LoadBatch;
import io.livehook.lane.LoadBatch.LoadedBehind;
import io.livehook.lane.LoadBatch.LoadedResource;
import io.livehook.lane.LoadBatch.LoadedSubscription;
import io.livehook.lane.LogRead;
import io.livehook.lane.LogRead.RecoveredAttempt;
import io.livehook.lane.LogRow;
import io.livehook.lane.Mode;
import io.livehook.lane.Place;
import io.livehook.lane.Resource;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.lane.UpdateKind;
import io.vertx.core.Future;
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
import org.jspecify.annotations.Nullable;

/** What an owner reads back: resources with their subscriptions, and pages of the log (R4, R8). */
final class ReadStatements {
  private static final int PAGE_BYTES = 1 << 20;

  private final PgConnection connection;

  ReadStatements(PgConnection connection) {
    this.connection = connection;
  }

  /** In the order asked; null elements do not exist. */
  Future<List<@Nullable LoadedResource>> load(LoadBatch batch) {
    List<Resource> byId = batch.resources().stream().filter(each -> each.id() != 0).toList();
    List<Resource> byKey = batch.resources().stream().filter(each -> each.id() == 0).toList();
    Tuple tuple = Columns.of(byId).longs(Resource::id).tuple();
    Tuple keys =
        Columns.of(byKey)
            .longs(Resource::tenant)
            .bytes(each -> LaneOf.sha256(each.uri().getBytes(StandardCharsets.UTF_8)))
            .tuple();
    tuple.addValue(keys.getValue(0)).addValue(keys.getValue(1));
    return connection
        .preparedQuery(Sql.LOAD_RESOURCES)
        .execute(tuple)
        .compose(resources -> subscriptions(batch, resources));
  }

  private Future<List<@Nullable LoadedResource>> subscriptions(
      LoadBatch batch, RowSet<Row> resources) {
    List<Long> ids = new ArrayList<>();
    resources.forEach(row -> ids.add(row.getLong("id")));
    return connection
        .preparedQuery(Sql.LOAD_SUBSCRIPTIONS)
        .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)))
        .map(rows -> assemble(batch, resources, rows));
  }

  private static List<@Nullable LoadedResource> assemble(
      LoadBatch batch, RowSet<Row> resources, RowSet<Row> subscriptions) {
    Map<Long, List<LoadedSubscription>> byResource = new HashMap<>();
    for (Row row : subscriptions) {
      byResource
          .computeIfAbsent(row.getLong("resource_id"), id -> new ArrayList<>())
          .add(subscription(row));
    }
    Map<Object, LoadedResource> loaded = new HashMap<>();
    for (Row row : resources) {
      LoadedResource resource =
          resource(row, byResource.getOrDefault(row.getLong("id"), List.of()));
      loaded.put(resource.id(), resource);
      loaded.put(List.of(resource.tenant(), resource.uri()), resource);
    }
    List<@Nullable LoadedResource> inOrder = new ArrayList<>();
    for (Resource asked : batch.resources()) {
      inOrder.add(loaded.get(asked.id() != 0 ? asked.id() : List.of(asked.tenant(), asked.uri())));
    }
    return inOrder;
  }

  private static LoadedResource resource(Row row, List<LoadedSubscription> subscriptions) {
    int kind = row.getShort("kind");
    return new LoadedResource(
        row.getLong("id"),
        row.getLong("tenant_id"),
        row.getString("uri"),
        row.getLong("sub_ver"),
        row.getLong("sequence"),
        kind >= 0 && kind != UpdateKind.DELETED.code(),
        row.getString("etag"),
        row.getLong("last"),
        row.getBoolean("collection") ? place(row, 0) : null,
        subscriptions);
  }

  private static LoadedSubscription subscription(Row row) {
    String reason = row.getString("reason");
    return new LoadedSubscription(
        row.getLong("id"),
        row.getUUID("public_id").toString(),
        row.getString("label"),
        new SubscriptionOptions(
            row.getString("callback"),
            row.getString("host"),
            row.getString("secret"),
            row.getBoolean("strict"),
            row.getInteger("max_in_flight"),
            row.getString("retry_schedule"),
            row.getLong("lease_until"),
            Mode.of(row.getString("mode")),
            row.getBoolean("merge"),
            row.getString("form")),
        row.getLong("from_ver"),
        reason == null
            ? null
            : new LoadedBehind(
                BehindReason.of(reason), row.getLong("since"), row.getLong("probe_at")));
  }

  /** A page, and what the tables know of its updates for the subscriptions asked about. */
  Future<LogRead.Result> log(LogRead read) {
    return connection
        .preparedQuery(Sql.READ_LOG)
        .execute(Tuple.of(read.resource().id(), read.from(), read.to(), read.limit()))
        .map(rows -> rows(read.resource().id(), rows))
        .compose(rows -> withDone(read, rows));
  }

  private static List<LogRow> rows(long resource, RowSet<Row> rows) {
    List<LogRow> page = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Long previous = row.getLong("previous_id");
      page.add(
          row(
              row,
              resource,
              row.getString("previous_etag"),
              previous == null ? null : place(row, previous),
              row.getBuffer("body").getBytes()));
    }
    return page;
  }

  /** Of the row without its body. */
  static LogRow head(Row row, long resource) {
    return row(row, resource, null, null, null);
  }

  private static Place place(Row row, long previous) {
    return new Place(
        previous,
        row.getLong("value_id"),
        row.getLong("changes_sequence"),
        row.getString("changes_id"));
  }

  private static LogRow row(
      Row row,
      long resource,
      @Nullable String previousEtag,
      @Nullable Place place,
      byte @Nullable [] body) {
    return new LogRow(
        row.getLong("id"),
        resource,
        row.getLong("sub_ver"),
        row.getLong("sequence"),
        UpdateKind.of(row.getShort("kind")),
        row.getString("etag"),
        row.getString("content_type"),
        row.getString("headers"),
        previousEtag,
        place,
        body);
  }

  private Future<LogRead.Result> withDone(LogRead read, List<LogRow> rows) {
    long bytes = rows.stream().mapToLong(row -> row.body() == null ? 0 : row.body().length).sum();
    boolean complete = rows.size() < read.limit() && bytes < PAGE_BYTES;
    if (read.recovered().length == 0 || rows.isEmpty()) {
      return Future.succeededFuture(new LogRead.Result(rows, complete, List.of()));
    }
    Tuple tuple =
        Columns.of(rows)
            .longs(LogRow::id)
            .tuple()
            .addArrayOfLong(Arrays.stream(read.recovered()).boxed().toArray(Long[]::new));
    return connection
        .preparedQuery(Sql.READ_DONE)
        .execute(tuple)
        .map(done -> new LogRead.Result(rows, complete, attempts(done)));
  }

  static List<RecoveredAttempt> attempts(RowSet<Row> rows) {
    List<RecoveredAttempt> attempts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      attempts.add(
          new RecoveredAttempt(
              row.getLong("subscription_id"),
              row.getLong("update_id"),
              row.getInteger("number"),
              row.getBoolean("ended")));
    }
    return attempts;
  }
}
