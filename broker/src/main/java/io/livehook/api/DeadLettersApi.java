package io.livehook.api;

import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Problem;
import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.livehook.subscription.Sight;
import io.livehook.subscription.SubscriptionRow;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/dead-letters}: see them, try one again. One per event loop. */
final class DeadLettersApi {
  private static final String DEAD_LETTERS = Statements.load(DeadLettersApi.class, "dead_letters");
  private static final String DEAD_LETTER = Statements.load(DeadLettersApi.class, "dead_letter");
  private static final Set<String> QUERY = Set.of("subscription", "limit", "cursor", "tenant");

  /** The year 3000 in microseconds: the list starts with the newest. */
  private static final long[] START = {32_503_680_000_000_000L, Long.MAX_VALUE, Long.MAX_VALUE};

  private final ReadPool database;
  private final Redelivery redelivery;
  private final Cursors cursors;

  DeadLettersApi(ReadPool database, Redelivery redelivery, Cursors cursors) {
    this.database = database;
    this.redelivery = redelivery;
    this.cursors = cursors;
  }

  void list(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(QUERY);
    UUID subscription = subscription(query.get("subscription"), faults);
    Sight sight = Sight.of(exchange);
    String list = "dead-letters:" + sight.tenant() + ':' + subscription + sight.only();
    Cursors.Page page = cursors.page(query, list, START.length, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long[] below = page.after() == null ? START : page.after();
    Tuple tuple =
        Tuple.tuple()
            .addLong(sight.tenant())
            .addUUID(subscription)
            .addLong(below[0])
            .addLong(below[1])
            .addLong(below[2])
            .addInteger(page.limit() + 1)
            .addString(sight.only());
    exchange.failing(
        database
            .query(sight.tenant(), DEAD_LETTERS, tuple)
            .onSuccess(rows -> answer(exchange, rows, page.limit(), list)));
  }

  private static @Nullable UUID subscription(@Nullable String text, List<Fault> faults) {
    if (text == null) {
      return null;
    }
    Optional<UUID> id = Ids.parse(Ids.Kind.SUBSCRIPTION, text);
    if (id.isEmpty()) {
      faults.add(new Fault("query/subscription", "value", "subscription is an alias, sub_…"));
    }
    return id.orElse(null);
  }

  private void answer(Exchange exchange, RowSet<Row> found, int limit, String list) {
    Pages.answer(
        exchange, found, limit, DeadLettersApi::json, cursors, list, DeadLettersApi::place);
  }

  private static long[] place(Row row) {
    return new long[] {
      row.getLong("microsecond"), row.getLong("subscription_id"), row.getLong("update_id")
    };
  }

  private static JsonObject json(Row row) {
    long update = row.getLong("update_id");
    return new JsonObject()
        .put("id", new DeliveryId(update, row.getLong("subscription_id")).text())
        .put("update", Ids.message(update))
        .put("subscription", Ids.text(Ids.Kind.SUBSCRIPTION, row.getUUID("public_id")))
        .put("callback_uri", row.getString("callback"))
        .put("resource", row.getString("uri"))
        .put("attempts", row.getInteger("attempts"))
        .put("reason", row.getString("reason"))
        .put("at", SubscriptionRow.time(row.getOffsetDateTime("at")));
  }

  void redeliver(Exchange exchange) {
    Optional<DeliveryId> id = DeliveryId.parse(exchange.segment(3));
    if (id.isEmpty()) {
      exchange.problem(Redelivery.unknown());
      return;
    }
    DeliveryId delivery = id.get();
    Sight sight = Sight.of(exchange);
    exchange.failing(
        database
            .query(
                sight.tenant(),
                DEAD_LETTER,
                Tuple.of(sight.tenant(), delivery.subscription(), delivery.update(), sight.only()))
            .onSuccess(
                rows -> {
                  if (rows.iterator().hasNext()) {
                    redelivery.ask(exchange, rows.iterator().next().getString("uri"), delivery);
                  } else {
                    exchange.problem(Redelivery.unknown());
                  }
                }));
  }
}
