package io.livehook.resource;

import io.livehook.http.Exchange;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code GET} and {@code HEAD} of a resource, which agree (DISC-1). A collection without a value is
 * 204, and says by {@code Changes-Id} where its chain stands (DLV-4). One per event loop.
 */
public final class ValueAnswers {
  private final ResourceNames names;
  private final Values values;
  private final ChangesAnswers changes;

  public ValueAnswers(ResourceNames names, Values values, ReadPool database) {
    this.names = names;
    this.values = values;
    this.changes = new ChangesAnswers(database);
  }

  public void get(Exchange exchange) {
    String after = exchange.request().query() == null ? null : exchange.query().get("after");
    named(
        exchange,
        name -> {
          if (after == null) {
            read(exchange, name);
          } else {
            changes.get(exchange, name, after);
          }
        });
  }

  /** Goes on with the resource that the URL names; else the answer is given. */
  public void named(Exchange exchange, Consumer<ResourceName> then) {
    switch (names.ofKey(exchange.tenant(), exchange.segment(2))) {
      case ResourceNames.Parsed.Named(ResourceName name) -> then.accept(name);
      case ResourceNames.Parsed.Faulty(var faults) -> exchange.problem(Problem.faults(faults));
      case ResourceNames.Parsed.Alias(var alias) -> {
        exchange.pause();
        exchange.failing(
            names
                .ofAlias(exchange.tenant(), alias)
                .onSuccess(
                    found ->
                        found.ifPresentOrElse(
                            then,
                            () ->
                                exchange.problem(
                                    exchange.visiting() ? Problem.keyless() : unknown()))));
      }
    }
  }

  public static Problem unknown() {
    return Problem.of(ProblemKind.NOT_FOUND, "No such resource.");
  }

  private void read(Exchange exchange, ResourceName name) {
    exchange.failing(
        values
            .current(name, !exchange.is(HttpMethod.HEAD))
            .onSuccess(value -> answer(exchange, name, value)));
  }

  private static void answer(Exchange exchange, ResourceName name, Optional<Value> found) {
    if (exchange.visiting() && !found.map(Value::open).orElse(false)) {
      exchange.problem(Problem.keyless());
      return;
    }
    if (found.isEmpty()) {
      exchange.problem(unknown());
      return;
    }
    Value value = found.get();
    discovered(exchange, name, value);
    if (!value.present() && !value.empty()) {
      exchange.problem(
          Problem.of(
              ProblemKind.NOT_FOUND,
              value.checkpoint() == 0 ? "It has no value yet." : "The resource was deleted."));
      return;
    }
    if (value.etag() != null) {
      exchange.put(HttpHeaders.ETAG, value.etag());
    }
    exchange.put(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    String tags = exchange.header(HttpHeaders.IF_NONE_MATCH);
    if (tags != null && ETags.listed(tags, value.etag())) {
      exchange.end(304, null);
      return;
    }
    if (value.empty()) {
      exchange.end(204, null);
      return;
    }
    Discovery.represent(exchange, value.contentType(), value.headers(), value.length());
    exchange.end(200, value.body());
  }

  /** What is served of it, found also when it is not there any more (DISC-1, DLV-4). */
  private static void discovered(Exchange exchange, ResourceName name, Value value) {
    Discovery.put(exchange);
    if (!value.collection()) {
      exchange.links(name.links());
      return;
    }
    boolean there = value.present() || value.empty();
    exchange.links(there ? name.linksAt(value.checkpoint()) : name.collectionLinks());
    exchange.put(Discovery.CHANGES_ID, Ids.checkpoint(value.checkpoint()));
  }
}
