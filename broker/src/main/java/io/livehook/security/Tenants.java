package io.livehook.security;

import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tenants by their numbers, for who has no request at hand. Read at the start; a tenant made later
 * is learnt from its first request, before anything of it is accepted. Any thread.
 */
public final class Tenants {
  private static final String TENANTS = Statements.load(Tenants.class, "tenants");

  private final Map<Long, Tenant> known = new ConcurrentHashMap<>();

  public Future<Void> load(Pool pool) {
    return pool.query(TENANTS)
        .execute()
        .map(
            rows -> {
              for (Row row : rows) {
                learn(tenant(row));
              }
              return null;
            });
  }

  public void learn(Tenant tenant) {
    known.put(tenant.id(), tenant);
  }

  public Tenant of(long id) {
    Tenant tenant = known.get(id);
    if (tenant == null) {
      throw new IllegalStateException("tenant " + id + " was never seen");
    }
    return tenant;
  }

  static Tenant tenant(Row row) {
    return new Tenant(
        row.getLong("tenant_id"),
        row.getUUID("tenant_public_id"),
        row.getString("slug"),
        row.getString("retry_schedule"));
  }
}
