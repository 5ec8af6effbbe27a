package io.livehook.resource;

import io.livehook.http.Exchange;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code GET} and {@code HEAD} of a resource, which agree (DISC-1). One per event loop. */
public final class ValueAnswers {
  private final ResourceNames names;
  private final Values values;

  public ValueAnswers(ResourceNames names, Values values) {
    this.names = names;
    this.values = values;
  }

  public void get(Exchange exchange) {
    named(exchange, name -> read(exchange, name));
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
                    found -> found.ifPresentOrElse(then, () -> exchange.problem(unknown()))));
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
    if (found.isEmpty()) {
      exchange.problem(unknown());
      return;
    }
    exchange.links(name.links());
    Value value = found.get();
    if (!value.present()) {
      exchange.problem(Problem.of(ProblemKind.NOT_FOUND, "The resource was deleted."));
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
    represent(exchange, value);
    exchange.end(200, value.body());
  }

  /** Somebody else's content under our name: never run, never sniffed by a browser. */
  private static void represent(Exchange exchange, Value value) {
    if (value.contentType() != null) {
      exchange.put(HttpHeaders.CONTENT_TYPE, value.contentType());
    }
    if (value.headers() != null) {
      new JsonObject(value.headers())
          .forEach(header -> exchange.put(header.getKey(), (String) header.getValue()));
    }
    exchange.put(HttpHeaders.CONTENT_LENGTH, Integer.toString(value.length()));
    exchange.put("x-content-type-options", "nosniff");
  }
}
