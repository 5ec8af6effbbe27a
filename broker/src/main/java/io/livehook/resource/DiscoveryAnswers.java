package io.livehook.resource;

import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET {tenant}/discovery?uri=}: the {@code Link} lines that an origin adds to its own
 * answers so that its clients find the subscriptions here (DISC-1, DISC-9 to DISC-11). One per
 * event loop.
 */
public final class DiscoveryAnswers {
  private static final String URI = "uri";
  private static final String PLACE = "query/uri";

  private final ResourceNames names;
  private final Values values;

  public DiscoveryAnswers(ResourceNames names, Values values) {
    this.names = names;
    this.values = values;
  }

  public void get(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = new ArrayList<>(query.faults(Set.of(URI)));
    ResourceName name = name(exchange, query.get(URI), faults);
    if (name == null || !faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
    } else {
      answer(exchange, name);
    }
  }

  private @Nullable ResourceName name(Exchange exchange, @Nullable String uri, List<Fault> faults) {
    if (uri == null) {
      faults.add(new Fault(PLACE, "missing", "say of which resource: ?uri=…, encoded"));
      return null;
    }
    return switch (names.ofUri(PLACE, exchange.tenant(), uri)) {
      case ResourceNames.Parsed.Named(ResourceName name) -> name;
      case ResourceNames.Parsed.Faulty(var wrong) -> {
        faults.addAll(wrong);
        yield null;
      }
      case ResourceNames.Parsed.Alias alias ->
          throw new IllegalStateException("a URI is no alias: " + alias);
    };
  }

  /** Only what is served is told: a resource that never had a value has no collection either. */
  private void answer(Exchange exchange, ResourceName name) {
    exchange.failing(
        values
            .current(name, false)
            .onSuccess(
                found -> {
                  if (found.isEmpty()) {
                    exchange.problem(ValueAnswers.unknown());
                  } else {
                    exchange.json(200, lines(name, found.get()));
                  }
                }));
  }

  private static JsonObject lines(ResourceName name, Value found) {
    JsonArray lines = new JsonArray();
    (found.collection() ? name.offeredByCollections() : name.offered())
        .forEach(link -> lines.add(link.toString()));
    return new JsonObject()
        .put("resource", name.uri())
        .put("link", lines)
        .put("liveresource_property", Discovery.PROPERTY);
  }
}
