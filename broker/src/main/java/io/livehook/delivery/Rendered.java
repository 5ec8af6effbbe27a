package io.livehook.delivery;

import io.livehook.http.Percent;
import io.livehook.lane.Delivery;
import io.livehook.lane.Mode;
import io.livehook.lane.Place;
import io.livehook.lane.Update;
import io.livehook.lane.UpdateKind;
import io.livehook.platform.Ids;
import io.livehook.resource.JsonArrays;
import io.livehook.security.Signer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update made ready for sending, once for all its attempts: the body and the headers that are
 * the same for every subscription of a mode (standards.md §2, DLV-1 to DLV-4, DLV-6, DLV-9).
 */
final class Rendered {
  private static final CharSequence NO_STATUS =
      io.vertx.core.http.HttpHeaders.createOptimized("404");

  final Buffer body;
  final byte[] bytes;
  final String id;
  final CharSequence[] headers;
  final Trace trace;

  /** The same for subscriptions to changes, when it goes to both: a deleted collection. */
  private @Nullable Rendered ofChanges;

  private Rendered(Update update, String self, boolean changes) {
    this(update, update, update.body(), self, changes);
  }

  /** Updates from one to another, in one body; changes are as of the last. */
  private Rendered(Update update, Update last, byte[] bytes, String self, boolean changes) {
    this.bytes = bytes;
    this.body = Buffer.buffer(bytes);
    this.id = id(update, last);
    this.trace = Trace.of(update.resource.id(), update.id);
    List<CharSequence> all = new ArrayList<>(24);
    add(all, Names.WEBHOOK_ID, id);
    add(all, Names.LOCATION, Percent.ascii(update.resource.uri()));
    add(all, Names.CONTENT_DIGEST, Signer.contentDigest(bytes));
    if (update.kind == UpdateKind.DELETED) {
      add(all, Names.LIVERESOURCE_STATUS, NO_STATUS);
    } else if (update.contentType != null) {
      add(all, Names.CONTENT_TYPE, update.contentType);
    }
    Place place = update.place;
    if (changes && place != null) {
      changes(all, self, place.previous(), last);
    } else {
      value(all, self, update);
    }
    if (update.headers != null) {
      new JsonObject(update.headers)
          .forEach(each -> add(all, each.getKey(), String.valueOf(each.getValue())));
    }
    this.headers = all.toArray(CharSequence[]::new);
  }

  private static void value(List<CharSequence> all, String self, Update update) {
    add(all, Names.WEBHOOK_SEQUENCE, Long.toString(update.sequence));
    add(all, Names.LINK, link(self));
    if (update.etag != null) {
      add(all, Names.ETAG, update.etag);
    }
    String previous = update.previousEtag();
    if (previous != null) {
      add(all, Names.PREVIOUS_ETAG, previous);
    }
  }

  /**
   * All four of the dialects (DLV-4). What came before is told as it was, also when this subscriber
   * never got it: then it does not match what the subscriber knows, which gets the rest by itself
   * (DLV-5).
   */
  private static void changes(List<CharSequence> all, String self, long previous, Update last) {
    String now = Ids.checkpoint(last.id);
    String before = Ids.checkpoint(previous);
    Place place = java.util.Objects.requireNonNull(last.place);
    add(all, Names.WEBHOOK_SEQUENCE, Long.toString(place.sequence()));
    add(
        all,
        Names.LINK,
        link(self)
            + (", <" + self + "?after=" + now + ">; rel=changes")
            + (", <" + self + "?after=" + before + ">; rel=prev-changes"));
    add(all, Names.CHANGES_ID, now);
    add(all, Names.PREVIOUS_CHANGES_ID, before);
  }

  /** Of several: the first and the last, which say all of them (GAP-27). */
  private static String id(Update first, Update last) {
    String id = Ids.message(first.id);
    return first == last ? id : id + '-' + Ids.message(last.id).substring("msg_".length());
  }

  private static String link(String self) {
    return "<" + self + ">; rel=\"self\"";
  }

  private static void add(List<CharSequence> headers, CharSequence name, CharSequence value) {
    headers.add(name);
    headers.add(value);
  }

  /** Kept with the update as long as its body is. */
  static Rendered of(Update update, Mode mode, Links links) {
    Rendered kept = update.rendered instanceof Rendered rendered ? rendered : null;
    if (kept == null) {
      boolean changes = update.kind == UpdateKind.CHANGES;
      kept = new Rendered(update, links.resource(update.resource), changes);
      update.rendered = kept;
    }
    return mode == Mode.CHANGES && update.kind == UpdateKind.DELETED
        ? kept.ofChanges(update, links)
        : kept;
  }

  /**
   * A delivery with what goes along: changes that wait, when they are JSON arrays of one media type
   * (CH-6). What does not join is left to the next.
   */
  static Rendered of(Delivery delivery, Links links) {
    Update first = delivery.update();
    Mode mode = delivery.subscription.options().mode();
    if (delivery.further().isEmpty()) {
      return of(first, mode, links);
    }
    List<byte[]> arrays = new ArrayList<>();
    if (joins(first, first)) {
      arrays.add(first.body());
      for (Update each : delivery.further()) {
        if (!joins(first, each)) {
          break;
        }
        arrays.add(each.body());
      }
    }
    int more = Math.max(0, arrays.size() - 1);
    delivery.takes(more);
    if (more == 0) {
      return of(first, mode, links);
    }
    Update last = delivery.further().get(more - 1);
    String self = links.resource(first.resource);
    return new Rendered(first, last, JsonArrays.join(arrays), self, true);
  }

  private static boolean joins(Update first, Update update) {
    String type = update.contentType;
    return type != null
        && type.equals(first.contentType)
        && JsonArrays.isJson(type, update.headers)
        && JsonArrays.isArray(update.body());
  }

  private Rendered ofChanges(Update update, Links links) {
    Rendered kept = ofChanges;
    if (kept == null) {
      kept = new Rendered(update, links.resource(update.resource), true);
      ofChanges = kept;
    }
    return kept;
  }
}
