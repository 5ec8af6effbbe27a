package io.livehook.security;

import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers when keys were last asked for, and writes it down every few seconds in one statement.
 * Any thread; a key in use is noted twice a second, not at each request.
 */
public final class KeyUses {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);
  private static final String USE_KEYS = Statements.load(KeyUses.class, "use_keys");
  private static final long EVERY = Duration.ofSeconds(5).toMillis();

  /** What is noted past it waits for the next writing: nothing grows without a bound. */
  private static final int MOST = 10_000;

  private final Pool pool;
  private final Map<UUID, OffsetDateTime> noted = new TreeMap<>();
  private boolean stopped;

  /** Writes through a pool of the tables' owner. */
  public KeyUses(Pool pool) {
    this.pool = pool;
  }

  /** A key was valid at this time of the database's clock. */
  synchronized void note(UUID key, OffsetDateTime at) {
    if (noted.size() < MOST || noted.containsKey(key)) {
      noted.merge(key, at, (before, now) -> now.isAfter(before) ? now : before);
    }
  }

  private synchronized Map<UUID, OffsetDateTime> take() {
    Map<UUID, OffsetDateTime> taken = new TreeMap<>(noted);
    noted.clear();
    return taken;
  }

  /** Writes what has been noted since the last time. */
  public Future<Void> write() {
    Map<UUID, OffsetDateTime> uses = take();
    if (uses.isEmpty()) {
      return Future.succeededFuture();
    }
    return pool.preparedQuery(USE_KEYS)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(uses.keySet().toArray(UUID[]::new))
                .addArrayOfOffsetDateTime(uses.values().toArray(OffsetDateTime[]::new)))
        .onFailure(failed -> uses.forEach(this::note))
        .mapEmpty();
  }

  public void start(Vertx vertx) {
    vertx.setTimer(
        EVERY,
        id ->
            write()
                .onFailure(
                    failed ->
                        LOG.warn(
                            "last uses of keys not written, tried again: {}", failed.toString()))
                .onComplete(
                    done -> {
                      if (!stopped()) {
                        start(vertx);
                      }
                    }));
  }

  private synchronized boolean stopped() {
    return stopped;
  }

  /** Writes for the last time. */
  public Future<Void> stop() {
    synchronized (this) {
      stopped = true;
    }
    return write();
  }
}
