package io.livehook.subscription;

import io.livehook.http.Bodies;
import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Percent;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.lane.Mode;
import io.livehook.platform.Ids;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ValueAnswers;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The value-callback or the changes-callback collection of a resource: create, list, read, end
 * (SUB-1 to SUB-9). One per event loop.
 */
public final class SubscriptionCollection {
  private static final Set<String> STATUSES = Set.of("pending", "active", "inactive", "ended");
  private static final Set<String> LIST_QUERY = Set.of("callback_uri", "status", "limit", "cursor");
  private static final int BODY_LIMIT = 64 << 10;

  /** Of the path {@code /tenant/resources/key/subscriptions/id}. */
  private static final int ID = 4;

  private final Mode mode;
  private final ValueAnswers resources;
  private final SubscriptionRows rows;
  private final SubscriptionChanges changes;
  private final SubscriptionDoor door;
  private final Cursors cursors;

  public SubscriptionCollection(
      Mode mode,
      ValueAnswers resources,
      SubscriptionRows rows,
      SubscriptionChanges changes,
      SubscriptionDoor door,
      Cursors cursors) {
    this.mode = mode;
    this.door = door;
    this.resources = resources;
    this.rows = rows;
    this.changes = changes;
    this.cursors = cursors;
  }

  // --- POST ---

  public void post(Exchange exchange) {
    Boolean form = form(exchange);
    if (form == null) {
      return;
    }
    resources.named(
        exchange,
        name ->
            Bodies.collect(
                exchange,
                BODY_LIMIT,
                body -> subscribe(exchange, name, changes.wish(mode, form, body))));
  }

  /** Whether the body is a form, not JSON; null: it is neither, which has been answered. */
  static @Nullable Boolean form(Exchange exchange) {
    String type = mediaType(exchange.header(HttpHeaders.CONTENT_TYPE));
    boolean form = type.equals("application/x-www-form-urlencoded");
    if (!form && !type.equals("application/json")) {
      exchange.problem(
          Problem.faults(
              ProblemKind.UNSUPPORTED_MEDIA_TYPE,
              List.of(
                  new Fault(
                      "header/Content-Type",
                      "unsupported",
                      "send application/x-www-form-urlencoded or application/json"))));
      return null;
    }
    return form;
  }

  static String mediaType(@Nullable String header) {
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  private void subscribe(Exchange exchange, ResourceName name, Wish wish) {
    if (!wish.faults().isEmpty()) {
      exchange.problem(Problem.faults(wish.faults()));
      return;
    }
    changes.subscribe(exchange, Door.COLLECTION, name, wish);
  }

  // --- GET of the collection ---

  public void list(Exchange exchange) {
    resources.named(exchange, name -> list(exchange, name));
  }

  private void list(Exchange exchange, ResourceName name) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(LIST_QUERY);
    checkStatus(query, faults);
    String callback = query.get("callback_uri");
    String status = query.get("status");
    Sight sight = Sight.of(exchange);
    String list =
        "of:"
            + mode
            + name.uri()
            + '\n'
            + callback
            + '\n'
            + status
            + '\n'
            + sight.tenant()
            + sight.only();
    Cursors.Page page = cursors.page(query, list, 1, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long after = page.after() == null ? 0 : page.after()[0];
    var filter = new SubscriptionRows.Filter(callback, null, status);
    exchange.failing(
        rows.ofResource(name, mode, sight, filter, after, page.limit() + 1)
            .onSuccess(found -> answerList(exchange, name, found, page.limit(), query, list)));
  }

  /** A status to filter by is one of those there are. */
  public static void checkStatus(Fields query, List<Fault> faults) {
    String status = query.get("status");
    if (status != null && !STATUSES.contains(status)) {
      faults.add(
          new Fault("query/status", "value", "status is pending, active, inactive or ended"));
    }
  }

  private void answerList(
      Exchange exchange,
      ResourceName name,
      List<SubscriptionRow> found,
      int limit,
      Fields query,
      String list) {
    List<SubscriptionRow> page = found.subList(0, Math.min(limit, found.size()));
    JsonArray elements = new JsonArray();
    page.forEach(row -> elements.add(row.element()));
    if (found.size() > limit) {
      String cursor = cursors.seal(list, page.get(limit - 1).id());
      String collection = mode == Mode.CHANGES ? name.changesSubscriptions() : name.subscriptions();
      exchange.links(List.of(next(collection, query, cursor, limit)));
    }
    exchange.json(200, elements);
  }

  private static String next(String url, Fields query, String cursor, int limit) {
    StringBuilder next = new StringBuilder("<").append(url).append("?limit=").append(limit);
    for (String name : List.of("callback_uri", "status")) {
      String value = query.get(name);
      if (value != null) {
        next.append('&').append(name).append('=').append(Percent.encode(value));
      }
    }
    return next.append("&cursor=").append(cursor).append(">; rel=\"next\"").toString();
  }

  // --- one element ---

  public void get(Exchange exchange) {
    element(exchange, (name, row) -> answerOne(exchange, row));
  }

  public void getAlias(Exchange exchange) {
    alias(exchange, exchange.segment(2), row -> answerOne(exchange, row));
  }

  private static void answerOne(Exchange exchange, SubscriptionRow row) {
    if (row.ended()) {
      exchange.problem(gone(row));
    } else {
      exchange.json(200, Door.COLLECTION.show(exchange, row));
    }
  }

  static Problem gone(SubscriptionRow row) {
    return Problem.of(ProblemKind.GONE, "The subscription has ended: " + row.reason() + ".");
  }

  // --- PATCH ---

  /** The body waits until it is known what it is about. */
  public void patch(Exchange exchange) {
    exchange.pause();
    element(exchange, (name, row) -> door.patch(exchange, Door.COLLECTION, row.publicId()));
  }

  public void patchAlias(Exchange exchange) {
    exchange.pause();
    alias(
        exchange,
        exchange.segment(2),
        row -> door.patch(exchange, Door.COLLECTION, row.publicId()));
  }

  // --- DELETE ---

  public void delete(Exchange exchange) {
    element(exchange, (name, row) -> changes.unsubscribe(exchange, Door.COLLECTION, row));
  }

  public void deleteAlias(Exchange exchange) {
    alias(
        exchange, exchange.segment(2), row -> changes.unsubscribe(exchange, Door.COLLECTION, row));
  }

  /** {@code DELETE {collection}?callback_uri=}. */
  public void deleteByQuery(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(Set.of("callback_uri"));
    String callback = query.get("callback_uri");
    if (callback == null) {
      faults.add(new Fault("query/callback_uri", "missing", "say which: ?callback_uri=…, encoded"));
    }
    if (callback == null || !faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    resources.named(
        exchange,
        name ->
            byCallback(
                exchange,
                name,
                callback,
                row -> changes.unsubscribe(exchange, Door.COLLECTION, row)));
  }

  // --- finding ---

  private interface Found {
    void accept(ResourceName resource, SubscriptionRow row);
  }

  /** The element that the URL's last segment names: an encoded callback, or an alias (SUB-4). */
  private void element(Exchange exchange, Found then) {
    resources.named(
        exchange,
        name -> {
          String segment = exchange.segment(ID);
          if (Ids.parse(Ids.Kind.SUBSCRIPTION, segment).isPresent()) {
            alias(
                exchange,
                segment,
                row -> {
                  if (row.uri().equals(name.uri()) && row.mode().equals(mode.label())) {
                    then.accept(name, row);
                  } else {
                    exchange.problem(unknown());
                  }
                });
            return;
          }
          String callback = Percent.decode(segment);
          if (callback == null) {
            exchange.problem(
                Problem.faults(
                    List.of(new Fault("path/id", "malformed", "not percent-encoded UTF-8"))));
          } else {
            byCallback(exchange, name, callback, row -> then.accept(name, row));
          }
        });
  }

  private void byCallback(
      Exchange exchange, ResourceName name, String callback, Consumer<SubscriptionRow> then) {
    if (callback.indexOf('\0') >= 0) {
      exchange.problem(unknown());
      return;
    }
    exchange.failing(
        rows.byCallback(name, mode, Sight.of(exchange), callback)
            .onSuccess(
                found -> {
                  if (found.size() > 1) {
                    exchange.problem(ambiguous());
                  } else {
                    goOn(exchange, found.stream().findFirst(), then);
                  }
                }));
  }

  private void alias(Exchange exchange, String segment, Consumer<SubscriptionRow> then) {
    Optional<UUID> id = Ids.parse(Ids.Kind.SUBSCRIPTION, segment);
    if (id.isEmpty()) {
      exchange.problem(unknown());
      return;
    }
    exchange.failing(
        rows.byAlias(Sight.of(exchange), id.get()).onSuccess(row -> goOn(exchange, row, then)));
  }

  private static void goOn(
      Exchange exchange, Optional<SubscriptionRow> row, Consumer<SubscriptionRow> then) {
    row.ifPresentOrElse(then, () -> exchange.problem(unknown()));
  }

  static Problem ambiguous() {
    return Problem.of(
        ProblemKind.CONFLICT,
        "Several consumers have subscribed this callback: name one by its alias, sub_….");
  }

  static Problem unknown() {
    return Problem.of(ProblemKind.NOT_FOUND, "No such subscription.");
  }
}
