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
 * An update made ready for sending, once for all its attempts in one payload style: the body and
 * the headers that are the same for every subscription of a mode (standards.md §2, DLV-1 to DLV-4,
 * DLV-6, DLV-9).
 */
final class Rendered {
  private static final CharSequence NO_STATUS =
      io.vertx.core.http.HttpHeaders.createOptimized("404");
  private static final String CODING = "Content-Encoding";

  final Buffer body;
  final byte[] bytes;
  final String id;
  final CharSequence[] headers;
  final Trace trace;

  /** The same for subscriptions to changes, when it goes to both: a deleted collection. */
  private @Nullable Rendered ofChanges;

  /** Of the accepted bytes only: the other styles, made when one is first asked for. */
  private @Nullable Rendered @Nullable [] styles;

  /**
   * What is rendered: updates from one to another, in one body; changes are as of the last.
   *
   * @param bytes as accepted
   * @param self Livehook's own URL of the resource
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Source(Update first, Update last, byte[] bytes, String self, boolean changes) {
    static Source of(Update update, Links links, boolean changes) {
      return new Source(update, update, update.body(), links.resource(update.resource), changes);
    }
  }

  private Rendered(Source source, Payload payload) {
    Update update = source.first;
    this.id = id(update, source.last);
    Wrapped wrapped = Wrapped.of(payload, update, source.bytes, source.self, id);
    this.bytes = wrapped.body();
    this.body = Buffer.buffer(bytes);
    this.trace = Trace.of(update.resource.id(), update.id);
    List<CharSequence> all = new ArrayList<>(24);
    add(all, Names.WEBHOOK_ID, id);
    add(all, Names.LOCATION, Percent.ascii(update.resource.uri()));
    add(all, Names.CONTENT_DIGEST, Signer.contentDigest(bytes));
    if (update.kind == UpdateKind.DELETED) {
      add(all, Names.LIVERESOURCE_STATUS, NO_STATUS);
    }
    if (wrapped.contentType() != null) {
      add(all, Names.CONTENT_TYPE, wrapped.contentType());
    }
    Place place = update.place;
    if (source.changes && place != null) {
      changes(all, source.self, place.previous(), source.last);
    } else {
      value(all, source.self, update);
    }
    all.addAll(wrapped.headers());
    if (update.headers != null) {
      representation(all, new JsonObject(update.headers), wrapped.made());
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

  private static void representation(List<CharSequence> all, JsonObject headers, boolean made) {
    headers.forEach(
        each -> {
          if (!made || !each.getKey().equalsIgnoreCase(CODING)) {
            add(all, each.getKey(), String.valueOf(each.getValue()));
          }
        });
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
  private static Rendered of(Update update, Mode mode, Links links, Payload payload) {
    Rendered kept = update.rendered instanceof Rendered rendered ? rendered : null;
    if (kept == null) {
      boolean changes = update.kind == UpdateKind.CHANGES;
      kept = new Rendered(Source.of(update, links, changes), Payload.RAW);
      update.rendered = kept;
    }
    boolean both = mode == Mode.CHANGES && update.kind == UpdateKind.DELETED;
    Rendered raw = both ? kept.ofChanges(update, links) : kept;
    if (payload == Payload.RAW) {
      return raw;
    }
    return raw.styled(update, links, both || update.kind == UpdateKind.CHANGES, payload);
  }

  /**
   * A delivery with what goes along: changes that wait, when they are JSON arrays of one media type
   * (CH-6). What does not join is left to the next.
   */
  static Rendered of(Delivery delivery, Links links, Payload payload) {
    Update first = delivery.update();
    Mode mode = delivery.subscription.options().mode();
    if (delivery.further().isEmpty()) {
      return of(first, mode, links, payload);
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
      return of(first, mode, links, payload);
    }
    Update last = delivery.further().get(more - 1);
    String self = links.resource(first.resource);
    return new Rendered(new Source(first, last, JsonArrays.join(arrays), self, true), payload);
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
      kept = new Rendered(Source.of(update, links, true), Payload.RAW);
      ofChanges = kept;
    }
    return kept;
  }

  private Rendered styled(Update update, Links links, boolean changes, Payload payload) {
    @Nullable Rendered[] kept = styles;
    if (kept == null) {
      kept = new Rendered[Payload.values().length];
      styles = kept;
    }
    Rendered made = kept[payload.ordinal()];
    if (made == null) {
      made = new Rendered(Source.of(update, links, changes), payload);
      kept[payload.ordinal()] = made;
    }
    return made;
  }

  /** The value of a header, several joined; null if it is not there. */
  @Nullable String header(CharSequence name) {
    String found = null;
    for (int i = 0; i < headers.length; i += 2) {
      if (name.toString().equalsIgnoreCase(headers[i].toString())) {
        found = found == null ? headers[i + 1].toString() : found + ", " + headers[i + 1];
      }
    }
    return found;
  }
}
