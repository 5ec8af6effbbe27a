package io.livehook.log;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Rows turned into array parameters, a column each: what {@code unnest} takes. */
final class Columns<T> {
  private final List<T> rows;
  private final Tuple tuple = Tuple.tuple();

  private Columns(List<T> rows) {
    this.rows = rows;
  }

  static <T> Columns<T> of(List<T> rows) {
    return new Columns<>(rows);
  }

  Columns<T> value(Object value) {
    tuple.addValue(value);
    return this;
  }

  Columns<T> longs(ToLongFunction<T> column) {
    Long[] values = new Long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsLong(rows.get(i));
    }
    tuple.addArrayOfLong(values);
    return this;
  }

  Columns<T> longsOrNull(Function<T, @Nullable Long> column) {
    @Nullable Long[] values = new Long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    tuple.addArrayOfLong(values);
    return this;
  }

  Columns<T> ints(ToIntFunction<T> column) {
    Integer[] values = new Integer[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsInt(rows.get(i));
    }
    tuple.addArrayOfInteger(values);
    return this;
  }

  Columns<T> shorts(ToIntFunction<T> column) {
    Short[] values = new Short[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) column.applyAsInt(rows.get(i));
    }
    tuple.addArrayOfShort(values);
    return this;
  }

  Columns<T> booleans(Function<T, Boolean> column) {
    Boolean[] values = new Boolean[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    tuple.addArrayOfBoolean(values);
    return this;
  }

  Columns<T> texts(Function<T, @Nullable String> column) {
    @Nullable String[] values = new String[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    tuple.addArrayOfString(values);
    return this;
  }

  Columns<T> uuids(Function<T, java.util.UUID> column) {
    java.util.UUID[] values = new java.util.UUID[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    tuple.addArrayOfUUID(values);
    return this;
  }

  Columns<T> bytes(Function<T, byte @Nullable []> column) {
    @Nullable Buffer[] values = new Buffer[rows.size()];
    for (int i = 0; i < values.length; i++) {
      byte[] value = column.apply(rows.get(i));
      values[i] = value == null ? null : Buffer.buffer(value);
    }
    tuple.addArrayOfBuffer(values);
    return this;
  }

  Tuple tuple() {
    return tuple;
  }
}
