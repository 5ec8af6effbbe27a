package io.livehook.subscription;

import io.livehook.lane.Mode;
import io.livehook.lane.SubscriptionOptions;
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
  private static final String STANDING = load("standing");
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
  record Renewable(boolean collection, @Nullable Existing existing) {}

  record Existing(
      String secret,
      boolean strict,
      int maxInFlight,
      @Nullable String retrySchedule,
      long leaseUntil,
      boolean merge,
      @Nullable String form) {}

  public Future<Optional<SubscriptionRow>> byAlias(Sight sight, UUID alias) {
    return database
        .query(sight.tenant(), BY_ALIAS, Tuple.of(sight.tenant(), alias, sight.only()))
        .map(SubscriptionRows::first);
  }

  /**
   * A subscription together with all its options, the sealed secrets too: as one read has them.
   *
   * @param now of the database's clock, in milliseconds
   */
  record Standing(SubscriptionRow row, SubscriptionOptions options, long now) {}

  Future<Optional<Standing>> standing(Sight sight, UUID alias) {
    return database
        .query(sight.tenant(), STANDING, Tuple.of(sight.tenant(), alias, sight.only()))
        .map(
            rows ->
                rows.iterator().hasNext()
                    ? Optional.of(standing(rows.iterator().next()))
                    : Optional.empty());
  }

  private static Standing standing(Row row) {
    SubscriptionOptions options =
        new SubscriptionOptions(
            row.getString("callback"),
            row.getString("host"),
            row.getString("secret"),
            row.getBoolean("strict"),
            row.getInteger("max_in_flight"),
            row.getString("retry_schedule"),
            row.getLong("lease_end"),
            Mode.of(row.getString("mode")),
            row.getBoolean("merge"),
            row.getString("form"));
    return new Standing(SubscriptionRow.of(row), options, row.getLong("now"));
  }

  /**
   * Of a callback's subscriptions the one under the caller's own label, else the one that is there;
   * two when two of other labels live, so that it is not said which is meant.
   */
  Future<List<SubscriptionRow>> byCallback(
      ResourceName resource, Mode mode, Sight sight, String callback) {
    return database
        .query(
            resource.tenant(),
            BY_CALLBACK,
            Tuple.of(
                resource.tenant(),
                uri(resource),
                hash(callback),
                sight.label(),
                sight.only() != null,
                mode.label()))
        .map(SubscriptionRows::all)
        .map(found -> meant(found, sight.label()));
  }

  private static List<SubscriptionRow> meant(List<SubscriptionRow> found, String label) {
    boolean open =
        found.size() == 2
            && !found.get(0).label().equals(label)
            && found.stream().noneMatch(SubscriptionRow::ended);
    return open || found.isEmpty() ? found : found.subList(0, 1);
  }

  /** Empty when there is no such resource. */
  Future<Optional<Renewable>> renewable(
      ResourceName resource, Mode mode, String label, String callback) {
    return database
        .query(
            resource.tenant(),
            RENEWABLE,
            Tuple.of(resource.tenant(), uri(resource), hash(callback), label, mode.label()))
        .map(
            rows ->
                rows.iterator().hasNext()
                    ? Optional.of(renewable(rows.iterator().next()))
                    : Optional.empty());
  }

  private static Renewable renewable(Row row) {
    return new Renewable(
        row.getBoolean("collection"),
        row.getLong("id") == null
            ? null
            : new Existing(
                row.getString("secret"),
                row.getBoolean("strict"),
                row.getInteger("max_in_flight"),
                row.getString("retry_schedule"),
                row.getLong("lease_until"),
                row.getBoolean("merge"),
                row.getString("form")));
  }

  Future<List<SubscriptionRow>> ofResource(
      ResourceName resource, Mode mode, Sight sight, Filter filter, long after, int limit) {
    return database
        .query(
            resource.tenant(),
            OF_RESOURCE,
            Tuple.of(
                resource.tenant(),
                uri(resource),
                hash(filter.callback()),
                filter.status(),
                after,
                limit,
                sight.only(),
                mode.label()))
        .map(SubscriptionRows::all);
  }

  public Future<List<SubscriptionRow>> ofTenant(Sight sight, Filter filter, long below, int limit) {
    return database
        .query(
            sight.tenant(),
            OF_TENANT,
            Tuple.of(
                sight.tenant(),
                hash(filter.callback()),
                hash(filter.resource()),
                filter.status(),
                below,
                limit,
                sight.only()))
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
