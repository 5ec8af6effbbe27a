package io.livehook.subscription;

import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.livehook.resource.ResourceName;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads subscriptions. One per event loop. */
public final class SubscriptionRows {
  private static final String BY_ALIAS = load("by_alias");
  private static final String BY_CALLBACK = load("by_callback");
  private static final String RENEWABLE = load("renewable");
  private static final String OF_RESOURCE = load("of_resource");
  private static final String OF_TENANT = load("of_tenant");

  private final ReadPool database;

  public SubscriptionRows(ReadPool database) {
    this.database = database;
  }

  private static String load(String name) {
    return Statements.load(SubscriptionRows.class, name);
  }

  /** What a list is narrowed to; null = everything (of the status: all that have not ended). */
  public record Filter(
      @Nullable String callback, @Nullable String resource, @Nullable String status) {}

  /** What a POST finds: a resource, perhaps with a living subscription of the callback. */
  record Renewable(@Nullable Existing existing) {}

  record Existing(
      String secret,
      boolean strict,
      int maxInFlight,
      @Nullable String retrySchedule,
      long leaseUntil) {}

  public Future<Optional<SubscriptionRow>> byAlias(long tenant, UUID alias) {
    return database.query(BY_ALIAS, Tuple.of(tenant, alias)).map(SubscriptionRows::first);
  }

  Future<Optional<SubscriptionRow>> byCallback(ResourceName resource, String callback) {
    return database
        .query(BY_CALLBACK, Tuple.of(resource.tenant(), uri(resource), hash(callback)))
        .map(SubscriptionRows::first);
  }

  /** Empty when there is no such resource. */
  Future<Optional<Renewable>> renewable(ResourceName resource, String callback) {
    return database
        .query(RENEWABLE, Tuple.of(resource.tenant(), uri(resource), hash(callback)))
        .map(
            rows ->
                rows.iterator().hasNext()
                    ? Optional.of(renewable(rows.iterator().next()))
                    : Optional.empty());
  }

  private static Renewable renewable(Row row) {
    return new Renewable(
        row.getLong("id") == null
            ? null
            : new Existing(
                row.getString("secret"),
                row.getBoolean("strict"),
                row.getInteger("max_in_flight"),
                row.getString("retry_schedule"),
                row.getLong("lease_until")));
  }

  Future<List<SubscriptionRow>> ofResource(
      ResourceName resource, Filter filter, long after, int limit) {
    return database
        .query(
            OF_RESOURCE,
            Tuple.of(
                resource.tenant(),
                uri(resource),
                hash(filter.callback()),
                filter.status(),
                after,
                limit))
        .map(SubscriptionRows::all);
  }

  public Future<List<SubscriptionRow>> ofTenant(long tenant, Filter filter, long below, int limit) {
    return database
        .query(
            OF_TENANT,
            Tuple.of(
                tenant,
                hash(filter.callback()),
                hash(filter.resource()),
                filter.status(),
                below,
                limit))
        .map(SubscriptionRows::all);
  }

  private static Optional<SubscriptionRow> first(RowSet<Row> rows) {
    return rows.iterator().hasNext()
        ? Optional.of(SubscriptionRow.of(rows.iterator().next()))
        : Optional.empty();
  }

  private static List<SubscriptionRow> all(RowSet<Row> rows) {
    List<SubscriptionRow> all = new ArrayList<>(rows.size());
    rows.forEach(row -> all.add(SubscriptionRow.of(row)));
    return all;
  }

  private static Buffer uri(ResourceName resource) {
    return Buffer.buffer(resource.hash());
  }

  private static @Nullable Buffer hash(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Buffer.buffer(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
