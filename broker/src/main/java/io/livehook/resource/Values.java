package io.livehook.resource;

import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the current value: the newest row of the log, else the snapshot. One per event loop. */
public final class Values {
  private static final String CURRENT_VALUE = Statements.load(Values.class, "current_value");
  private static final String STORED_KEY = Statements.load(Values.class, "stored_key");

  /** As {@code update_log.kind} has it. */
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
    Short kind = row.getShort("kind");
    Integer length = row.getInteger("length");
    return new Value(
        kind != null && kind != DELETED,
        row.getString("etag"),
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
                    : stored(name, idempotencyKey));
  }

  private Future<Boolean> stored(ResourceName name, @Nullable String key) {
    return key == null
        ? Future.succeededFuture(false)
        : database
            .query(
                name.tenant(), STORED_KEY, Tuple.of(name.tenant(), Buffer.buffer(name.hash()), key))
            .map(rows -> rows.iterator().hasNext());
  }
}
