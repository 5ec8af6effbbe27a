package io.livehook.security;

import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tenants' names in URLs by their numbers, for who has no request at hand. Read at the start; a
 * tenant made later is learnt from its first request, before anything of it is accepted. Any
 * thread.
 */
public final class TenantSlugs {
  private static final String TENANTS = Statements.load(TenantSlugs.class, "tenants");

  private final Map<Long, String> slugs = new ConcurrentHashMap<>();

  public Future<Void> load(Pool pool) {
    return pool.query(TENANTS)
        .execute()
        .map(
            rows -> {
              for (Row row : rows) {
                slugs.put(row.getLong("id"), row.getString("slug"));
              }
              return null;
            });
  }

  public void learn(Tenant tenant) {
    slugs.put(tenant.id(), tenant.slug());
  }

  public String of(long tenant) {
    String slug = slugs.get(tenant);
    if (slug == null) {
      throw new IllegalStateException("tenant " + tenant + " was never seen");
    }
    return slug;
  }
}
