package io.livehook.security;

import com.google.crypto.tink.Aead;
import io.livehook.platform.MasterKeySource;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what is kept of a subscription's secrets, by a data key per tenant that a master key
 * wraps. Data keys stay in memory once opened, so that opening a keyring then costs no query; the
 * hot path opens none, it keeps what signs. One per node; any thread.
 */
public final class Vault {
  private static final String FIND = load("find_data_key");
  private static final String OF_TENANT = load("data_key_of_tenant");
  private static final String CREATE = load("create_data_key");

  private final Vertx vertx;
  private final Pool pool;
  private final MasterKeySource source;
  private final Map<Long, Opened> byId = new ConcurrentHashMap<>();
  private final Map<Long, Opened> byTenant = new ConcurrentHashMap<>();
  private volatile @Nullable MasterKeys masters;

  private record Opened(long id, Aead aead) {}

  /** Not on an event loop: it loads what the first key needs. */
  public Vault(Vertx vertx, Pool pool, MasterKeySource source) {
    this.vertx = vertx;
    this.pool = pool;
    this.source = source;
    DataKey.prepare();
  }

  private static String load(String name) {
    return Statements.load(Vault.class, name);
  }

  /** Reads the master keys; also those that have come since. Fails when there are none. */
  public Future<Void> loadMasters() {
    return source
        .read(vertx)
        .map(
            text -> {
              masters = MasterKeys.parse(text);
              return null;
            });
  }

  /**
   * What a keyring is bound to: put anywhere else it does not open. None of it ever changes.
   *
   * @param tenant its number
   */
  public record Place(long tenant, String resource, String label, String callback) {
    byte[] bound(String shown) {
      return String.join("\n", Long.toString(tenant), resource, label, callback, shown)
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The text to store. */
  public Future<String> seal(Place place, Keyring ring) {
    Opened known = byTenant.get(place.tenant());
    Future<Opened> key = known == null ? keyOf(place.tenant()) : Future.succeededFuture(known);
    return key.map(opened -> encrypted(opened, place, ring));
  }

  private static String encrypted(Opened key, Place place, Keyring ring) {
    byte[] plain = ring.bytes();
    try {
      String shown = ring.shown();
      byte[] cipher = key.aead().encrypt(plain, place.bound(shown));
      return new SealedText(key.id(), cipher, shown).text();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyring cannot be encrypted", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** The keyring of a stored text; done at once when its data key is in memory. */
  public Future<Keyring> open(String stored, Place place) {
    SealedText text = SealedText.parse(stored);
    if (text == null) {
      return Future.succeededFuture(Keyring.ofPlain(stored));
    }
    Opened known = byId.get(text.key());
    Future<Opened> key =
        known == null ? keyById(text.key(), place.tenant()) : Future.succeededFuture(known);
    return key.map(opened -> opened(opened, text, place));
  }

  /** The same in this very turn, or null while its data key is not in memory. */
  public @Nullable Keyring openNow(String stored, Place place) {
    Future<Keyring> opened =
        SealedText.parse(stored) instanceof SealedText text && !byId.containsKey(text.key())
            ? null
            : open(stored, place);
    return opened == null ? null : opened.result();
  }

  private static Keyring opened(Opened key, SealedText text, Place place) {
    byte[] plain;
    try {
      plain = key.aead().decrypt(text.cipher(), place.bound(text.shown()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyring does not open: not what was stored there", e);
    }
    try {
      return Keyring.parse(plain);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  // --- data keys ---

  private Future<Opened> keyOf(long tenant) {
    return pool.preparedQuery(OF_TENANT)
        .execute(Tuple.of(tenant))
        .compose(rows -> rows.size() == 1 ? learn(rows, tenant) : create(tenant));
  }

  /** Of two nodes that make one at once the second takes the first one's. */
  private Future<Opened> create(long tenant) {
    try {
      DataKey made = DataKey.generate(known(), tenant);
      return pool.preparedQuery(CREATE)
          .execute(
              Tuple.of(tenant, made.master(), io.vertx.core.buffer.Buffer.buffer(made.wrapped())))
          .compose(done -> pool.preparedQuery(OF_TENANT).execute(Tuple.of(tenant)))
          .compose(rows -> learn(rows, tenant));
    } catch (GeneralSecurityException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Opened> keyById(long id, long tenant) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(id, tenant))
        .compose(rows -> learn(rows, tenant));
  }

  /** A key under a master key that is not known: perhaps it has been set meanwhile. */
  private Future<Opened> learn(RowSet<Row> rows, long tenant) {
    if (rows.size() != 1) {
      return Future.failedFuture("no such data key of tenant " + tenant);
    }
    Row row = rows.iterator().next();
    DataKey key = new DataKey(row.getString("master"), row.getBuffer("wrapped").getBytes());
    Future<Void> read = known().knows(key.master()) ? Future.succeededFuture() : loadMasters();
    return read.map(
        done -> {
          try {
            Opened opened = new Opened(row.getLong("id"), key.aead(known(), tenant));
            byId.put(opened.id(), opened);
            byTenant.put(tenant, opened);
            return opened;
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                "data key " + row.getLong("id") + ": " + e.getMessage(), e);
          }
        });
  }

  private MasterKeys known() {
    MasterKeys loaded = masters;
    if (loaded == null) {
      throw new IllegalStateException("the master keys have not been read");
    }
    return loaded;
  }
}
