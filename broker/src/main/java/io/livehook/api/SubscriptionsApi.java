package io.livehook.api;

import io.livehook.http.Bodies;
import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.platform.Ids;
import io.livehook.subscription.Sight;
import io.livehook.subscription.SubscriptionCollection;
import io.livehook.subscription.SubscriptionRow;
import io.livehook.subscription.SubscriptionRows;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is read at {@code /api/v1/subscriptions}, and redelivery. One per event loop. */
final class SubscriptionsApi {
  private static final Set<String> QUERY =
      Set.of("callback_uri", "resource", "status", "limit", "cursor", "tenant");
  private static final int BODY_LIMIT = 4 << 10;

  /** Of the path {@code /api/v1/subscriptions/id}. */
  private static final int ID = 3;

  private final SubscriptionRows rows;
  private final Deliveries deliveries;
  private final Redelivery redelivery;
  private final Cursors cursors;

  SubscriptionsApi(
      SubscriptionRows rows, Deliveries deliveries, Redelivery redelivery, Cursors cursors) {
    this.rows = rows;
    this.deliveries = deliveries;
    this.redelivery = redelivery;
    this.cursors = cursors;
  }

  void list(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(QUERY);
    SubscriptionCollection.checkStatus(query, faults);
    var filter =
        new SubscriptionRows.Filter(
            query.get("callback_uri"), query.get("resource"), query.get("status"));
    Sight sight = Sight.of(exchange);
    String list = "subscriptions:" + sight.tenant() + filter + sight.only();
    Cursors.Page page = cursors.page(query, list, 1, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long below = page.after() == null ? Long.MAX_VALUE : page.after()[0];
    exchange.failing(
        rows.ofTenant(sight, filter, below, page.limit() + 1)
            .onSuccess(found -> answerList(exchange, found, page.limit(), list)));
  }

  private void answerList(Exchange exchange, List<SubscriptionRow> found, int limit, String list) {
    Pages.answer(
        exchange, found, limit, SubscriptionRow::json, cursors, list, row -> new long[] {row.id()});
  }

  void get(Exchange exchange) {
    found(
        exchange,
        row -> {
          exchange.takesItsTime();
          exchange.failing(
              deliveries
                  .counts(exchange.tenant().id(), row)
                  .onSuccess(counts -> answer(exchange, row, counts)));
        });
  }

  /** The tag is for a PATCH: it does not change with the counts. */
  private static void answer(Exchange exchange, SubscriptionRow row, JsonObject counts) {
    exchange.put(HttpHeaders.ETAG, row.etag());
    exchange.json(200, row.json().mergeIn(counts));
  }

  void deliveries(Exchange exchange) {
    found(
        exchange,
        row ->
            exchange.failing(
                deliveries
                    .newest(exchange.tenant().id(), row)
                    .onSuccess(data -> Pages.answer(exchange, data, null))));
  }

  void redeliver(Exchange exchange) {
    Bodies.collect(
        exchange,
        BODY_LIMIT,
        body -> {
          List<Fault> faults = new ArrayList<>();
          OptionalLong update = update(body, faults);
          if (update.isEmpty()) {
            exchange.problem(Problem.faults(faults));
          } else {
            found(
                exchange,
                row ->
                    redelivery.ask(
                        exchange, row.uri(), new DeliveryId(update.getAsLong(), row.id())));
          }
        });
  }

  private static OptionalLong update(byte[] body, List<Fault> faults) {
    Object named = null;
    try {
      JsonObject json = new JsonObject(Buffer.buffer(body));
      named = json.getValue("update");
      for (String field : json.fieldNames()) {
        if (!field.equals("update")) {
          faults.add(new Fault("/" + field, "unknown", "not a field that is known here"));
        }
      }
    } catch (DecodeException | ClassCastException malformed) {
      faults.add(new Fault("", "malformed", "not a JSON object"));
    }
    OptionalLong update =
        named instanceof String text ? Ids.parseMessage(text) : OptionalLong.empty();
    if (update.isEmpty()) {
      faults.add(new Fault("/update", "value", "update is the id of an update, msg_…"));
    }
    return faults.isEmpty() ? update : OptionalLong.empty();
  }

  private void found(Exchange exchange, Consumer<SubscriptionRow> then) {
    UUID id = id(exchange);
    if (id == null) {
      exchange.problem(unknown());
      return;
    }
    exchange.failing(
        rows.byAlias(Sight.of(exchange), id)
            .onSuccess(row -> row.ifPresentOrElse(then, () -> exchange.problem(unknown()))));
  }

  private static @Nullable UUID id(Exchange exchange) {
    Optional<UUID> id = Ids.parse(Ids.Kind.SUBSCRIPTION, exchange.segment(ID));
    return id.orElse(null);
  }

  private static Problem unknown() {
    return Problem.of(ProblemKind.NOT_FOUND, "No such subscription; its id is its alias, sub_….");
  }
}
