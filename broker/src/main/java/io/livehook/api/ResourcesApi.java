package io.livehook.api;

import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.ingest.VerdictProblems;
import io.livehook.lane.Submission;
import io.livehook.lane.Submission.Configuration;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.resource.ValueAnswers;
import io.livehook.subscription.SubscriptionChanges;
import io.livehook.subscription.SubscriptionRow;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/resources/{key}}: what a resource is (object or collection), and whether anyone
 * may subscribe and read it, also before its first update (SUB-9, GAP-1). One per event loop.
 */
final class ResourcesApi {
  private static final String CONFIGURATION = Statements.load(ResourceName.class, "configuration");
  private static final Set<String> FIELDS = Set.of("kind", "subscribe", "read");
  private static final Configuration NEW = new Configuration(false, false, false);

  /** Of the path {@code /api/v1/resources/key}. */
  private static final int KEY = 3;

  private final ResourceNames names;
  private final ReadPool database;
  private final Lanes lanes;
  private final Ids ids;

  ResourcesApi(ResourceNames names, ReadPool database, Lanes lanes, Ids ids) {
    this.names = names;
    this.database = database;
    this.lanes = lanes;
    this.ids = ids;
  }

  /** A resource as its row has it. */
  private record Found(UUID publicId, OffsetDateTime createdAt, Configuration now) {
    static Found of(Row row) {
      return new Found(
          row.getUUID("public_id"),
          row.getOffsetDateTime("created_at"),
          new Configuration(
              row.getString("kind").equals("collection"),
              row.getString("subscribe").equals("open"),
              row.getString("read").equals("open")));
    }
  }

  private Future<Optional<Found>> find(ResourceName name) {
    return database
        .query(name.tenant(), CONFIGURATION, Tuple.of(name.tenant(), Buffer.buffer(name.hash())))
        .map(
            rows ->
                rows.iterator().hasNext()
                    ? Optional.of(Found.of(rows.iterator().next()))
                    : Optional.empty());
  }

  private void named(Exchange exchange, Consumer<ResourceName> then) {
    switch (names.ofKey(exchange.tenant(), exchange.segment(KEY))) {
      case ResourceNames.Parsed.Named(ResourceName name) -> then.accept(name);
      case ResourceNames.Parsed.Faulty(var faults) -> exchange.problem(Problem.faults(faults));
      case ResourceNames.Parsed.Alias(UUID alias) ->
          exchange.failing(
              names
                  .ofAlias(exchange.tenant(), alias)
                  .onSuccess(
                      name ->
                          name.ifPresentOrElse(
                              then, () -> exchange.problem(ValueAnswers.unknown()))));
    }
  }

  // --- GET ---

  void get(Exchange exchange) {
    named(
        exchange,
        name ->
            exchange.failing(
                find(name)
                    .onSuccess(
                        found ->
                            found.ifPresentOrElse(
                                it -> exchange.json(200, json(name, it)),
                                () -> exchange.problem(ValueAnswers.unknown())))));
  }

  private static JsonObject json(ResourceName name, Found found) {
    Configuration now = found.now();
    JsonObject json =
        new JsonObject()
            .put("id", Ids.text(Ids.Kind.RESOURCE, found.publicId()))
            .put("resource", name.uri())
            .put("kind", now.collection() ? "collection" : "object")
            .put("subscribe", openOrKey(now.openToSubscribe()))
            .put("read", openOrKey(now.openToRead()))
            .put("created_at", SubscriptionRow.time(found.createdAt()))
            .put("url", name.self())
            .put("subscriptions", name.subscriptions());
    return now.collection() ? json.put("changes_subscriptions", name.changesSubscriptions()) : json;
  }

  private static String openOrKey(boolean open) {
    return open ? "open" : "key";
  }

  // --- PUT ---

  void put(Exchange exchange) {
    JsonBody.read(exchange, FIELDS, body -> put(exchange, body));
  }

  private void put(Exchange exchange, JsonBody body) {
    Boolean collection = choice(body, "kind", "collection", "object");
    Boolean subscribe = choice(body, "subscribe", "open", "key");
    Boolean read = choice(body, "read", "open", "key");
    if (Boolean.TRUE.equals(subscribe) && !Boolean.TRUE.equals(read)) {
      body.fault("read", "conflict", "who may subscribe must be able to read: read is open too");
    }
    if (body.sound(exchange)) {
      named(
          exchange,
          name ->
              exchange.failing(
                  find(name)
                      .onSuccess(
                          found ->
                              configure(
                                  exchange,
                                  name,
                                  found,
                                  new Wanted(collection, subscribe, read)))));
    }
  }

  /** Null: not said. */
  private static @Nullable Boolean choice(JsonBody body, String field, String yes, String no) {
    String given = body.text(field);
    if (given != null && !given.equals(yes) && !given.equals(no)) {
      body.fault(field, "value", field + " is " + yes + " or " + no);
    }
    return given == null ? null : given.equals(yes);
  }

  private record Wanted(
      @Nullable Boolean collection, @Nullable Boolean subscribe, @Nullable Boolean read) {
    /** What is not said stays as it is in kind, and is closed in the rest. */
    Configuration from(Configuration before) {
      return new Configuration(
          collection == null ? before.collection() : collection,
          Boolean.TRUE.equals(subscribe),
          Boolean.TRUE.equals(read));
    }
  }

  private void configure(
      Exchange exchange, ResourceName name, Optional<Found> found, Wanted wanted) {
    Configuration before = found.map(Found::now).orElse(NEW);
    Configuration after = wanted.from(before);
    if (before.collection() && !after.collection()) {
      exchange.problem(
          Problem.faults(
              ProblemKind.CONFLICT,
              java.util.List.of(
                  new Fault("/kind", "conflict", "a collection stays one: it has subscribers"))));
      return;
    }
    Submission.Configure submission =
        new Submission.Configure(
            name.tenant(),
            name.uri(),
            name.lane(),
            ids.next().toString(),
            before,
            after,
            SubscriptionChanges.actor(exchange));
    if (exchange.over()) {
      return;
    }
    exchange.failing(
        lanes
            .submit(submission)
            .onSuccess(verdict -> configured(exchange, name, found.isEmpty(), verdict)));
  }

  private void configured(Exchange exchange, ResourceName name, boolean created, Verdict verdict) {
    if (!(verdict instanceof Verdict.Done)) {
      exchange.problem(VerdictProblems.of(verdict));
      return;
    }
    if (created) {
      exchange.put(HttpHeaders.LOCATION, name.self());
    }
    exchange.failing(
        find(name)
            .onSuccess(now -> exchange.json(created ? 201 : 200, json(name, now.orElseThrow()))));
  }
}
