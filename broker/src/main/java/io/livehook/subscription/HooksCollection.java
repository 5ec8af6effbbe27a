package io.livehook.subscription;

import io.livehook.http.Bodies;
import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Percent;
import io.livehook.http.Problem;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code {tenant}/hooks/}: multiplex-callbacks, one collection for all resources of a tenant
 * (SUB-8). What is made here is listed in the resource's own collection too. One per event loop.
 */
public final class HooksCollection {
  private static final int BODY_LIMIT = 64 << 10;
  private static final Set<String> LIST_QUERY =
      Set.of("callback_uri", "uri", "status", "limit", "cursor");

  /** Of the path {@code /tenant/hooks/callback/uri}. */
  private static final int CALLBACK = 2;

  private static final int URI = 3;

  private final ResourceNames names;
  private final SubscriptionRows rows;
  private final SubscriptionChanges changes;
  private final SubscriptionDoor door;
  private final Cursors cursors;

  public HooksCollection(
      ResourceNames names,
      SubscriptionRows rows,
      SubscriptionChanges changes,
      SubscriptionDoor door,
      Cursors cursors) {
    this.names = names;
    this.rows = rows;
    this.changes = changes;
    this.door = door;
    this.cursors = cursors;
  }

  // --- POST ---

  public void post(Exchange exchange) {
    Boolean form = SubscriptionCollection.form(exchange);
    if (form != null) {
      Bodies.collect(
          exchange, BODY_LIMIT, body -> subscribe(exchange, changes.wishOfHooks(form, body)));
    }
  }

  private void subscribe(Exchange exchange, Wish wish) {
    String uri = wish.uri();
    if (uri == null && wish.readable()) {
      wish.fault(Wish.URI, "missing", "uri is the resource whose updates are delivered");
    }
    Hooks.Meant meant = uri == null ? null : read(exchange, Wish.URI, uri);
    List<Fault> faults =
        new ArrayList<>(meant == null ? wish.faults() : wish.of(meant.mode()).faults());
    faults.addAll(meant == null ? List.of() : meant.faults());
    if (meant == null || !faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    named(
        exchange,
        meant,
        found ->
            found.ifPresentOrElse(
                name -> changes.subscribe(exchange, Door.HOOKS, name, wish),
                () -> exchange.problem(Door.HOOKS.unknown())));
  }

  private Hooks.Meant read(Exchange exchange, String pointer, String uri) {
    return Hooks.read(names, exchange.baseUrl(), exchange.tenant(), pointer, uri);
  }

  private void named(Exchange exchange, Hooks.Meant meant, Consumer<Optional<ResourceName>> then) {
    Future<Optional<ResourceName>> name =
        meant.alias() == null
            ? Future.succeededFuture(Optional.ofNullable(meant.name()))
            : names.ofAlias(exchange.tenant(), meant.alias());
    exchange.failing(name.onSuccess(then::accept));
  }

  // --- GET of the collection ---

  public void list(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(LIST_QUERY);
    SubscriptionCollection.checkStatus(query, faults);
    String uri = query.get("uri");
    Hooks.Meant meant = uri == null ? null : read(exchange, "query/uri", uri);
    if (meant != null) {
      faults.addAll(meant.faults());
    }
    String resource = meant == null || meant.name() == null ? null : meant.name().uri();
    String callback = query.get("callback_uri");
    String status = query.get("status");
    Sight sight = Sight.of(exchange);
    String list =
        "hooks:" + callback + '\n' + uri + '\n' + status + '\n' + sight.tenant() + sight.only();
    Cursors.Page page = cursors.page(query, list, 1, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long below = page.after() == null ? Long.MAX_VALUE : page.after()[0];
    var filter = new SubscriptionRows.Filter(callback, resource, status);
    exchange.failing(
        rows.ofTenant(sight, filter, below, page.limit() + 1)
            .onSuccess(found -> answer(exchange, found, page.limit(), query, list)));
  }

  private void answer(
      Exchange exchange, List<SubscriptionRow> found, int limit, Fields query, String list) {
    List<SubscriptionRow> page = found.subList(0, Math.min(limit, found.size()));
    JsonArray elements = new JsonArray();
    for (SubscriptionRow row : page) {
      String id = Hooks.id(changes.name(exchange, row), row);
      elements.add(row.json().put("id", id).put("alias", row.alias()));
    }
    if (found.size() > limit) {
      String cursor = cursors.seal(list, page.get(limit - 1).id());
      exchange.links(List.of(next(exchange, query, cursor, limit)));
    }
    exchange.json(200, elements);
  }

  private static String next(Exchange exchange, Fields query, String cursor, int limit) {
    StringBuilder next = new StringBuilder("<").append(exchange.baseUrl());
    next.append('/').append(exchange.tenant().slug()).append("/hooks/?limit=").append(limit);
    for (String name : List.of("callback_uri", "uri", "status")) {
      String value = query.get(name);
      if (value != null) {
        next.append('&').append(name).append('=').append(Percent.encode(value));
      }
    }
    return next.append("&cursor=").append(cursor).append(">; rel=\"next\"").toString();
  }

  // --- one of them ---

  public void get(Exchange exchange) {
    element(
        exchange,
        row -> {
          if (row.ended()) {
            exchange.problem(SubscriptionCollection.gone(row));
          } else {
            exchange.json(200, Door.HOOKS.show(exchange, row));
          }
        });
  }

  public void patch(Exchange exchange) {
    element(exchange, row -> door.patch(exchange, Door.HOOKS, row.publicId()));
  }

  public void delete(Exchange exchange) {
    element(exchange, row -> changes.unsubscribe(exchange, Door.HOOKS, row));
  }

  private void element(Exchange exchange, Consumer<SubscriptionRow> then) {
    String callback = decoded(exchange, CALLBACK);
    String uri = decoded(exchange, URI);
    if (callback == null || uri == null || callback.indexOf('\0') >= 0) {
      exchange.problem(SubscriptionCollection.unknown());
      return;
    }
    Hooks.Meant meant = read(exchange, "path/uri", uri);
    if (!meant.faults().isEmpty()) {
      exchange.problem(SubscriptionCollection.unknown());
      return;
    }
    exchange.pause();
    named(
        exchange,
        meant,
        found ->
            found.ifPresentOrElse(
                name -> element(exchange, name, meant, callback, then),
                () -> exchange.problem(SubscriptionCollection.unknown())));
  }

  private void element(
      Exchange exchange,
      ResourceName name,
      Hooks.Meant meant,
      String callback,
      Consumer<SubscriptionRow> then) {
    exchange.failing(
        rows.byCallback(name, meant.mode(), Sight.of(exchange), callback)
            .onSuccess(
                found -> {
                  if (found.size() > 1) {
                    exchange.problem(SubscriptionCollection.ambiguous());
                  } else if (found.isEmpty()) {
                    exchange.problem(SubscriptionCollection.unknown());
                  } else {
                    then.accept(found.get(0));
                  }
                }));
  }

  private static @Nullable String decoded(Exchange exchange, int segment) {
    return Percent.decode(exchange.segment(segment));
  }
}
