package io.livehook.security;

import io.livehook.platform.ReadPool;
import io.livehook.platform.Remembered;
import io.livehook.platform.Secret;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by their keys. A key is asked for again when what is known of it is 0.8 seconds
 * old, so a revoked or expired one works for a second at most, the question included; one in steady
 * use is asked for early, so that no request waits. Only while the database does not answer is
 * older knowledge used, for a minute: whatever such a request wants needs the database too. One per
 * event loop.
 */
public final class Callers {
  private static final String FIND = Statements.load(Callers.class, "find_caller");
  private static final String TENANT = Statements.load(Callers.class, "tenant_by_slug");
  private static final long FRESH = Duration.ofMillis(800).toNanos();
  private static final long EARLY = Duration.ofMillis(400).toNanos();
  private static final long AGED = Duration.ofMinutes(1).toNanos();
  private static final int KEYS = 10_000;

  /** So long is an answer awaited before older knowledge is used. */
  private static final long PATIENCE = 50;

  private final ReadPool database;
  private final Secret pepper;
  private final LongSupplier nanos;
  private final Consumer<Tenant> seen;
  private final KeyUses uses;
  private final MessageDigest digest = sha256();
  private final Remembered<ByteBuffer, Known> known = new Remembered<>(KEYS);
  private final Remembered<String, Known> tenants = new Remembered<>(KEYS);

  /** What was read, and when. Its fields belong to the event loop. */
  private static final class Known {
    private @Nullable Object value;
    private long readAt;
    private boolean read;
    private @Nullable Future<?> asking;
  }

  public Callers(
      ReadPool database, Secret pepper, LongSupplier nanos, Consumer<Tenant> seen, KeyUses uses) {
    this.database = database;
    this.pepper = pepper;
    this.nanos = nanos;
    this.seen = seen;
    this.uses = uses;
  }

  /** Whose key this is, or nobody's. Completed at once when known. */
  public Future<Optional<Caller>> caller(String token) {
    Known entry = known.get(ByteBuffer.wrap(digest(token)));
    if (entry != null && entry.read && nanos.getAsLong() - entry.readAt < EARLY) {
      return Future.succeededFuture(Optional.ofNullable((Caller) entry.value));
    }
    return ask(token);
  }

  private Future<Optional<Caller>> ask(String token) {
    Optional<ApiKey> key = ApiKey.parse(token);
    if (key.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Known entry = entry(known, ByteBuffer.wrap(digest(token)));
    return current(entry, () -> find(key.get())).map(found -> Optional.ofNullable((Caller) found));
  }

  /** The tenant of a slug, for keys that act everywhere. */
  public Future<Optional<Tenant>> tenant(String slug) {
    Known entry = entry(tenants, slug);
    return current(entry, () -> findTenant(slug)).map(found -> Optional.ofNullable((Tenant) found));
  }

  private Future<?> current(Known entry, Supplier<Future<?>> source) {
    long age = entry.read ? nanos.getAsLong() - entry.readAt : Long.MAX_VALUE;
    if (age < EARLY) {
      return Future.succeededFuture(entry.value);
    }
    Future<?> asked = read(entry, source);
    if (age < FRESH) {
      return Future.succeededFuture(entry.value);
    }
    return age < AGED ? orOlder(entry, asked) : asked;
  }

  private Future<?> orOlder(Known entry, Future<?> asked) {
    return asked
        .<@Nullable Object>map(found -> found)
        .timeout(PATIENCE, TimeUnit.MILLISECONDS)
        .otherwise(silent -> entry.value);
  }

  /** One question at a time for each key, however many requests wait for it. */
  private Future<?> read(Known entry, Supplier<Future<?>> source) {
    Future<?> under = entry.asking;
    if (under != null) {
      return under;
    }
    long askedAt = nanos.getAsLong();
    Promise<@Nullable Object> answer = Promise.promise();
    entry.asking = answer.future();
    source
        .get()
        .<@Nullable Object>map(found -> found)
        .onComplete(
            result -> {
              entry.asking = null;
              if (result.succeeded()) {
                entry.value = result.result();
                entry.readAt = askedAt;
                entry.read = true;
              }
              answer.handle(result);
            });
    return answer.future();
  }

  private Future<@Nullable Caller> find(ApiKey key) {
    return database
        .queryNames(FIND, Tuple.of(io.vertx.core.buffer.Buffer.buffer(key.hash(pepper))))
        .map(this::onlyCaller);
  }

  private @Nullable Caller onlyCaller(RowSet<Row> rows) {
    if (!rows.iterator().hasNext()) {
      return null;
    }
    Row row = rows.iterator().next();
    UUID key = row.getUUID("key");
    uses.note(key, row.getOffsetDateTime("asked_at"));
    return new Caller(
        key,
        Role.valueOf(row.getString("role").toUpperCase(java.util.Locale.ROOT)),
        row.getString("label"),
        tenant(row),
        row.getString("scope").equals("*"));
  }

  private Future<@Nullable Tenant> findTenant(String slug) {
    return database
        .queryNames(TENANT, Tuple.of(slug))
        .map(rows -> rows.iterator().hasNext() ? tenant(rows.iterator().next()) : null);
  }

  private Tenant tenant(Row row) {
    Tenant tenant = Tenants.tenant(row);
    seen.accept(tenant);
    return tenant;
  }

  private byte[] digest(String token) {
    return digest.digest(token.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static <K> Known entry(Remembered<K, Known> among, K key) {
    Known entry = among.get(key);
    if (entry == null) {
      entry = new Known();
      among.put(key, entry, 1);
    }
    return entry;
  }
}
