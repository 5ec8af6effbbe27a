package io.livehook.resource;

import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the current value: the newest row of the log, else the snapshot. One per event loop. */
public final class Values {
  private static final String CURRENT_VALUE = Statements.load(Values.class, "current_value");
  private static final String STORED_KEY = Statements.load(Values.class, "stored_key");

  /** As {@code update_log.kind} has it. */
  private static final short VALUE = 0;

  private static final short DELETED = 2;

  private final ReadPool database;

  public Values(ReadPool database) {
    this.database = database;
  }

  /** Empty when the tenant has no such resource. */
  public Future<Optional<Value>> current(ResourceName name, boolean body) {
    return database
        .query(
            name.tenant(), CURRENT_VALUE, Tuple.of(name.tenant(), Buffer.buffer(name.hash()), body))
        .map(
            rows ->
                rows.iterator().hasNext()
                    ? Optional.of(value(rows.iterator().next()))
                    : Optional.empty());
  }

  private static Value value(Row row) {
    Short newest = row.getShort("head_kind");
    Short kind = row.getShort("kind");
    Integer length = row.getInteger("length");
    boolean represented = kind != null && kind == VALUE;
    return new Value(
        newest != null && newest != DELETED,
        row.getBoolean("open"),
        row.getBoolean("collection"),
        represented,
        represented ? row.getLong("value_id") : row.getLong("head"),
        represented ? row.getString("etag") : null,
        row.getString("content_type"),
        row.getString("headers"),
        length == null ? 0 : length,
        row.getBuffer("body"));
  }

  /** Whether there is a value to delete, or an earlier request with this key has deleted it. */
  public Future<Boolean> deletable(ResourceName name, @Nullable String idempotencyKey) {
    return current(name, false)
        .compose(
            value ->
                value.isPresent() && value.get().present()
                    ? Future.succeededFuture(true)
                    : stored(name, idempotencyKey).map(Objects::nonNull));
  }

  /**
   * What an earlier request has stored under an idempotency key.
   *
   * @param bodyHash of what it was
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Stored(long update, byte[] bodyHash) {}

  /** Null: nothing. */
  public Future<@Nullable Stored> stored(ResourceName name, @Nullable String key) {
    return key == null
        ? Future.succeededFuture(null)
        : database
            .query(
                name.tenant(), STORED_KEY, Tuple.of(name.tenant(), Buffer.buffer(name.hash()), key))
            .map(rows -> rows.iterator().hasNext() ? stored(rows.iterator().next()) : null);
  }

  private static Stored stored(Row row) {
    return new Stored(row.getLong("update_id"), row.getBuffer("body_hash").getBytes());
  }
}
