package io.livehook.security;

import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Reads tenants and keys for the API. One per event loop. */
public final class AccountRows {
  private static final String KEYS = Statements.load(AccountRows.class, "keys");
  private static final String TENANT_PAGE = Statements.load(AccountRows.class, "tenant_page");
  private static final String TENANT_BY_ID = Statements.load(AccountRows.class, "tenant_by_id");

  private final ReadPool database;

  public AccountRows(ReadPool database) {
    this.database = database;
  }

  /** A row with its place in its list. */
  public record Placed<T>(long place, T row) {}

  /** Newest first. */
  public Future<List<Placed<KeyRow>>> keys(long tenant, boolean everywhere, long below, int limit) {
    return database
        .query(tenant, KEYS, Tuple.of(tenant, everywhere, below, limit))
        .map(rows -> placed(rows, KeyRow::of));
  }

  /** Newest first. */
  public Future<List<Placed<TenantRow>>> tenants(long below, int limit) {
    return database
        .queryNames(TENANT_PAGE, Tuple.of(below, limit))
        .map(rows -> placed(rows, TenantRow::of));
  }

  public Future<Optional<TenantRow>> tenant(UUID id) {
    return database
        .queryNames(TENANT_BY_ID, Tuple.of(id))
        .map(rows -> placed(rows, TenantRow::of).stream().findFirst().map(Placed::row));
  }

  private static <T> List<Placed<T>> placed(RowSet<Row> rows, Function<Row, T> reader) {
    List<Placed<T>> all = new ArrayList<>(rows.size());
    rows.forEach(row -> all.add(new Placed<>(row.getLong("id"), reader.apply(row))));
    return all;
  }
}
