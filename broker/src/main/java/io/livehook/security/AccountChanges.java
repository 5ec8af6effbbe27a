package io.livehook.security;

import io.livehook.platform.Ids;
import io.livehook.platform.Secret;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes and ends tenants and keys for the API, each with its audit row in one statement. Writes as
 * the tables' owner: who may ask is the caller's to check. Any thread.
 */
public final class AccountChanges {
  private static final String CREATE_TENANT = load("create_tenant");
  private static final String DELETE_TENANT = load("delete_tenant");
  private static final String CREATE_KEY = load("create_key");
  private static final String REVOKE_KEY = load("revoke_key");

  private final Pool pool;
  private final Ids ids;
  private final Secret pepper;
  private final ApiKey.Environment environment;
  private final SecureRandom random = new SecureRandom();

  public AccountChanges(Pool pool, Ids ids, Secret pepper, ApiKey.Environment environment) {
    this.pool = pool;
    this.ids = ids;
    this.pepper = pepper;
    this.environment = environment;
  }

  private static String load(String name) {
    return Statements.load(AccountChanges.class, name);
  }

  /** The new tenant, or nothing if the slug is taken. */
  public Future<Optional<TenantRow>> createTenant(
      String slug, @Nullable String retrySchedule, Actor by) {
    UUID id = ids.next();
    String shown = Ids.text(Ids.Kind.TENANT, id);
    return change(
            CREATE_TENANT, Tuple.of(id, slug, retrySchedule, by.name(), shown, by.requestId()))
        .map(rows -> first(rows).map(TenantRow::of));
  }

  /** Its keys are void at once; its subscriptions are ended after it. False: no such tenant. */
  public Future<Boolean> deleteTenant(UUID id, Actor by) {
    String shown = Ids.text(Ids.Kind.TENANT, id);
    return change(DELETE_TENANT, Tuple.of(id, by.name(), shown, by.requestId()))
        .map(rows -> first(rows).isPresent());
  }

  /** A key that has just been made: the only time that its text is there to be shown. */
  public record Made(ApiKey key, KeyRow row) {}

  /** Nothing if the tenant is gone. */
  public Future<Optional<Made>> createKey(Tenant tenant, KeyWish wish, Actor by) {
    ApiKey key = ApiKey.generate(environment, ids.next(), random);
    Tuple tuple =
        Tuple.tuple()
            .addUUID(key.id())
            .addString(tenant.slug())
            .addString(wish.role().label())
            .addString(wish.scope().label())
            .addString(wish.label())
            .addBuffer(Buffer.buffer(key.hash(pepper)))
            .addOffsetDateTime(wish.expiresAt())
            .addString(by.name())
            .addString(key.toString())
            .addString(by.requestId());
    return change(CREATE_KEY, tuple)
        .map(rows -> first(rows).map(row -> new Made(key, KeyRow.of(row))));
  }

  /** False: the tenant has no such key that may be ended. */
  public Future<Boolean> revokeKey(Tenant tenant, UUID key, boolean everywhere, Actor by) {
    String shown = Ids.text(Ids.Kind.KEY, key);
    return change(
            REVOKE_KEY, Tuple.of(key, tenant.slug(), everywhere, by.name(), shown, by.requestId()))
        .map(rows -> first(rows).isPresent());
  }

  private Future<RowSet<Row>> change(String sql, Tuple tuple) {
    return pool.preparedQuery(sql).execute(tuple);
  }

  private static Optional<Row> first(RowSet<Row> rows) {
    return rows.iterator().hasNext() ? Optional.of(rows.iterator().next()) : Optional.empty();
  }
}
