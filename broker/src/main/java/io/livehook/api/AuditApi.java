package io.livehook.api;

import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Problem;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.livehook.subscription.SubscriptionRow;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/audit}: what was changed in a tenant, by whom. One per event loop. */
final class AuditApi {
  private static final String AUDIT = Statements.load(AuditApi.class, "audit");
  private static final Set<String> QUERY = Set.of("subject", "actor", "limit", "cursor", "tenant");

  private final ReadPool database;
  private final Cursors cursors;

  AuditApi(ReadPool database, Cursors cursors) {
    this.database = database;
    this.cursors = cursors;
  }

  void list(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(QUERY);
    long tenant = exchange.tenant().id();
    String subject = text(query, "subject", faults);
    String actor = text(query, "actor", faults);
    String list = "audit:" + tenant + '\n' + subject + '\n' + actor;
    Cursors.Page page = cursors.page(query, list, 1, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long below = page.after() == null ? Long.MAX_VALUE : page.after()[0];
    exchange.failing(
        database
            .query(tenant, AUDIT, Tuple.of(tenant, subject, actor, below, page.limit() + 1))
            .onSuccess(rows -> answer(exchange, rows, page.limit(), list)));
  }

  /** PostgreSQL has no text with a zero byte. */
  private static @Nullable String text(Fields query, String name, List<Fault> faults) {
    String text = query.get(name);
    if (text != null && text.indexOf('\0') >= 0) {
      faults.add(new Fault("query/" + name, "value", name + " has a zero byte"));
    }
    return text;
  }

  private void answer(Exchange exchange, RowSet<Row> found, int limit, String list) {
    Pages.answer(
        exchange,
        found,
        limit,
        AuditApi::json,
        cursors,
        list,
        row -> new long[] {row.getLong("id")});
  }

  private static JsonObject json(Row row) {
    return new JsonObject()
        .put("at", SubscriptionRow.time(row.getOffsetDateTime("at")))
        .put("actor", row.getString("actor"))
        .put("action", row.getString("action"))
        .put("subject", row.getString("subject"))
        .put("request_id", row.getString("request_id"))
        .put("before", value(row.getString("before")))
        .put("after", value(row.getString("after")))
        .put("chain", row.getString("chain"))
        .put("number", row.getLong("number"))
        .put("hash", HexFormat.of().formatHex(row.getBuffer("hash").getBytes()));
  }

  private static @Nullable Object value(@Nullable String json) {
    return json == null ? null : Json.decodeValue(Buffer.buffer(json));
  }
}
