package io.livehook.resource;

import io.livehook.http.Exchange;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Statements;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET} and {@code HEAD} of {@code …/resources/{key}?after=}: the changes after a checkpoint
 * (CH-1, CH-2, CH-5 to CH-7). The chain is what decides: the first update after the checkpoint must
 * name it as the one before, and a value or deletion in between breaks it. One per event loop.
 */
final class ChangesAnswers {
  private static final String CHAIN = Statements.load(ChangesAnswers.class, "chain");
  private static final String CHANGES_AFTER =
      Statements.load(ChangesAnswers.class, "changes_after");
  private static final int PAGE_BYTES = 1 << 20;
  private static final short CHANGES = 1;
  private static final short DELETED = 2;
  private static final Buffer NO_ELEMENTS = Buffer.buffer("[]");

  private final ReadPool database;

  ChangesAnswers(ReadPool database) {
    this.database = database;
  }

  /** An answer before its head is written. */
  private record Page(
      long checkpoint, @Nullable String contentType, @Nullable String headers, Buffer body) {}

  void get(Exchange exchange, ResourceName name, String after) {
    OptionalLong checkpoint = Ids.parseCheckpoint(after);
    exchange.failing(
        database
            .query(name.tenant(), CHAIN, Tuple.of(name.tenant(), Buffer.buffer(name.hash())))
            .onSuccess(
                rows -> {
                  Row chain = rows.size() == 0 ? null : rows.iterator().next();
                  if (exchange.visiting() && (chain == null || !chain.getBoolean("open"))) {
                    exchange.problem(Problem.keyless());
                  } else if (chain == null) {
                    exchange.problem(ValueAnswers.unknown());
                  } else {
                    answer(exchange, name, chain, checkpoint);
                  }
                }));
  }

  private void answer(Exchange exchange, ResourceName name, Row chain, OptionalLong checkpoint) {
    Short kind = chain.getShort("kind");
    boolean deleted = kind != null && kind == DELETED;
    if (checkpoint.isEmpty() || !chain.getBoolean("collection") || deleted) {
      startOver(exchange, name);
      return;
    }
    long after = checkpoint.getAsLong();
    if (after == chain.getLong("head")) {
      send(exchange, name, nothing(after, kind, chain.getString("content_type")));
      return;
    }
    exchange.failing(
        database
            .query(name.tenant(), CHANGES_AFTER, Tuple.of(chain.getLong("id"), after))
            .onSuccess(
                rows -> {
                  Page page = page(rows, after);
                  if (page == null) {
                    startOver(exchange, name);
                  } else {
                    send(exchange, name, page);
                  }
                }));
  }

  /** Nothing new: an empty list, or no byte where the changes are something else (CH-2, CH-6). */
  private static Page nothing(long after, @Nullable Short kind, @Nullable String type) {
    boolean other = kind != null && kind == CHANGES && !JsonArrays.isJson(type, null);
    return other
        ? new Page(after, type, null, Buffer.buffer())
        : new Page(after, "application/json", null, NO_ELEMENTS);
  }

  /** Null: the chain does not lead on from there. */
  private static @Nullable Page page(RowSet<Row> rows, long after) {
    List<byte[]> arrays = new ArrayList<>();
    Row first = null;
    long last = after;
    int bytes = 0;
    for (Row row : rows) {
      Long previous = row.getLong("previous_id");
      if (previous == null || previous != last || row.getShort("kind") != CHANGES) {
        break;
      }
      byte[] body = row.getBuffer("body").getBytes();
      if (first == null) {
        first = row;
        if (!joins(row, row, body)) {
          return new Page(
              row.getLong("id"),
              row.getString("content_type"),
              row.getString("headers"),
              row.getBuffer("body"));
        }
      } else if (bytes + body.length > PAGE_BYTES || !joins(first, row, body)) {
        break;
      }
      arrays.add(body);
      bytes += body.length;
      last = row.getLong("id");
    }
    return first == null
        ? null
        : new Page(
            last, first.getString("content_type"), null, Buffer.buffer(JsonArrays.join(arrays)));
  }

  private static boolean joins(Row first, Row row, byte[] body) {
    String type = row.getString("content_type");
    return type.equals(first.getString("content_type"))
        && JsonArrays.isJson(type, row.getString("headers"))
        && JsonArrays.isArray(body);
  }

  private static void send(Exchange exchange, ResourceName name, Page page) {
    exchange.links(name.linksAt(page.checkpoint()));
    Discovery.put(exchange);
    exchange.put(Discovery.CHANGES_ID, Ids.checkpoint(page.checkpoint()));
    exchange.put(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    Discovery.represent(exchange, page.contentType(), page.headers(), page.body().length());
    exchange.end(200, page.body());
  }

  /** CH-5: a GET of the resource gives a fresh link. */
  private static void startOver(Exchange exchange, ResourceName name) {
    exchange.links(name.links());
    Discovery.put(exchange);
    exchange.problem(
        Problem.of(
            ProblemKind.NOT_FOUND,
            "No changes lead on from this checkpoint: get the resource and go on from there."));
  }
}
