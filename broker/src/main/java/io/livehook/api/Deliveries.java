package io.livehook.api;

import io.livehook.lane.LaneIds;
import io.livehook.lane.UpdateKind;
import io.livehook.outcome.AnswerText;
import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.livehook.subscription.SubscriptionRow;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a subscription's newest updates, and how many there are. One per event loop. */
final class Deliveries {
  private static final String COUNTS = Statements.load(Deliveries.class, "counts");
  private static final String DELIVERIES = Statements.load(Deliveries.class, "deliveries");
  private static final String ATTEMPTS = Statements.load(Deliveries.class, "attempts");

  /** Of an answer, so much is shown in a list. */
  private static final int ANSWER = 1_000;

  private final ReadPool database;

  Deliveries(ReadPool database) {
    this.database = database;
  }

  // --- counts (P12) ---

  /** owed = delivered + pending + dead + cancelled, in one snapshot. */
  Future<JsonObject> counts(long tenant, SubscriptionRow subscription) {
    return database
        .longQuery(tenant, COUNTS, Tuple.of(subscription.id()))
        .map(rows -> counts(subscription, rows.iterator().next()));
  }

  private static JsonObject counts(SubscriptionRow subscription, Row row) {
    long owed = row.getLong("owed");
    long delivered = row.getLong("delivered");
    long dead = row.getLong("dead");
    long rest = Math.max(0, owed - delivered - dead);
    JsonObject counts =
        new JsonObject()
            .put("owed", owed)
            .put("delivered", delivered)
            .put("pending", subscription.ended() ? 0 : rest)
            .put("dead", dead)
            .put("cancelled", subscription.ended() ? rest : 0);
    String reason = row.getString("behind_reason");
    return new JsonObject()
        .put("counts", counts)
        .put(
            "behind",
            reason == null
                ? null
                : new JsonObject()
                    .put("reason", reason)
                    .put("since", time(LaneIds.millisecond(row.getLong("behind_since")))));
  }

  private static String time(long milliseconds) {
    return String.valueOf(
        SubscriptionRow.time(Instant.ofEpochMilli(milliseconds).atOffset(ZoneOffset.UTC)));
  }

  // --- the newest ---

  Future<JsonArray> newest(long tenant, SubscriptionRow subscription) {
    Tuple tuple =
        Tuple.of(
            subscription.resourceId(),
            subscription.id(),
            subscription.fromSequence(),
            subscription.toSequence(),
            subscription.changes());
    return database
        .query(tenant, DELIVERIES, tuple)
        .compose(updates -> withAttempts(tenant, subscription, updates));
  }

  private Future<JsonArray> withAttempts(
      long tenant, SubscriptionRow subscription, RowSet<Row> updates) {
    List<Row> rows = new ArrayList<>(updates.size());
    updates.forEach(rows::add);
    if (rows.isEmpty()) {
      return Future.succeededFuture(new JsonArray());
    }
    Long[] ids = rows.stream().map(row -> row.getLong("id")).toArray(Long[]::new);
    return database
        .query(tenant, ATTEMPTS, Tuple.of(subscription.id(), ids, ids[ids.length - 1], ids[0]))
        .map(Deliveries::byUpdate)
        .map(attempts -> deliveries(subscription, rows, attempts));
  }

  private static Map<Long, List<Row>> byUpdate(RowSet<Row> attempts) {
    Map<Long, List<Row>> byUpdate = new HashMap<>();
    attempts.forEach(
        row ->
            byUpdate.computeIfAbsent(row.getLong("update_id"), id -> new ArrayList<>()).add(row));
    return byUpdate;
  }

  private static JsonArray deliveries(
      SubscriptionRow subscription, List<Row> updates, Map<Long, List<Row>> attempts) {
    JsonArray deliveries = new JsonArray();
    for (Row update : updates) {
      deliveries.add(
          delivery(subscription, update, attempts.getOrDefault(update.getLong("id"), List.of())));
    }
    return deliveries;
  }

  private static JsonObject delivery(SubscriptionRow subscription, Row update, List<Row> attempts) {
    long id = update.getLong("id");
    JsonArray tries = new JsonArray();
    attempts.forEach(attempt -> tries.add(attempt(attempt)));
    String deadReason = update.getString("dead_reason");
    return new JsonObject()
        .put("id", new DeliveryId(id, subscription.id()).text())
        .put("update", Ids.message(id))
        .put("sequence", update.getLong("sequence"))
        .put("kind", UpdateKind.of(update.getShort("kind")).label())
        .put("content_type", update.getString("content_type"))
        .put("size", update.getInteger("size"))
        .put("accepted_at", time(LaneIds.millisecond(id)))
        .put("state", state(subscription, update, attempts))
        .put("reason", deadReason == null ? update.getString("retry_reason") : deadReason)
        .put("next_attempt_at", SubscriptionRow.time(update.getOffsetDateTime("next_at")))
        .put("attempts", tries);
  }

  private static String state(SubscriptionRow subscription, Row update, List<Row> attempts) {
    if (attempts.stream().anyMatch(Deliveries::delivered)) {
      return "delivered";
    }
    if (update.getOffsetDateTime("next_at") != null) {
      return "retry";
    }
    if (update.getString("dead_reason") != null) {
      return "dead";
    }
    return subscription.ended() ? "cancelled" : "pending";
  }

  private static boolean delivered(Row attempt) {
    int status = attempt.getShort("status");
    return attempt.getBoolean("ended") && status >= 200 && status <= 299;
  }

  private static JsonObject attempt(Row row) {
    int status = row.getShort("status");
    return new JsonObject()
        .put("number", row.getInteger("number"))
        .put("at", time(row.getLong("at")))
        .put("duration_ms", row.getInteger("duration"))
        .put("status", status == 0 ? null : status)
        .put("reason", row.getString("reason"))
        .put("answer", answer(row.getBuffer("answer")))
        .put("answer_bytes", row.getInteger("answer_length"));
  }

  /** Whatever the receiver sent, what goes out is printable. */
  private static @Nullable String answer(@Nullable Buffer bytes) {
    return bytes == null ? null : AnswerText.escape(bytes.getBytes(), ANSWER);
  }
}
