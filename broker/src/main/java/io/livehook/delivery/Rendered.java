package io.livehook.delivery;

import io.livehook.http.Percent;
import io.livehook.lane.Update;
import io.livehook.lane.UpdateKind;
import io.livehook.platform.Ids;
import io.livehook.security.Signer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update made ready for sending, once for all its attempts in one payload style: the body and
 * the headers that are the same for every subscription (standards.md §2, DLV-1, DLV-2, DLV-3,
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

  /** Of the accepted bytes only: the other styles, made when one is first asked for. */
  private @Nullable Rendered @Nullable [] styles;

  private Rendered(Update update, String self, Payload payload) {
    this.id = Ids.message(update.id);
    Wrapped wrapped = Wrapped.of(payload, update, self, id);
    this.bytes = wrapped.body();
    this.body = Buffer.buffer(bytes);
    this.trace = Trace.of(update.resource.id(), update.id);
    List<CharSequence> all = new ArrayList<>(24);
    add(all, Names.WEBHOOK_ID, id);
    add(all, Names.WEBHOOK_SEQUENCE, Long.toString(update.sequence));
    add(all, Names.LOCATION, Percent.ascii(update.resource.uri()));
    add(all, Names.LINK, "<" + self + ">; rel=\"self\"");
    add(all, Names.CONTENT_DIGEST, Signer.contentDigest(bytes));
    if (update.kind == UpdateKind.DELETED) {
      add(all, Names.LIVERESOURCE_STATUS, NO_STATUS);
    }
    if (wrapped.contentType() != null) {
      add(all, Names.CONTENT_TYPE, wrapped.contentType());
    }
    if (update.etag != null) {
      add(all, Names.ETAG, update.etag);
    }
    String previous = update.previousEtag();
    if (previous != null) {
      add(all, Names.PREVIOUS_ETAG, previous);
    }
    all.addAll(wrapped.headers());
    if (update.headers != null) {
      representation(all, new JsonObject(update.headers), wrapped.made());
    }
    this.headers = all.toArray(CharSequence[]::new);
  }

  private static void representation(List<CharSequence> all, JsonObject headers, boolean made) {
    headers.forEach(
        each -> {
          if (!made || !each.getKey().equalsIgnoreCase(CODING)) {
            add(all, each.getKey(), String.valueOf(each.getValue()));
          }
        });
  }

  private static void add(List<CharSequence> headers, CharSequence name, CharSequence value) {
    headers.add(name);
    headers.add(value);
  }

  /** Kept with the update as long as its body is. */
  static Rendered of(Update update, Links links, Payload payload) {
    Rendered raw;
    if (update.rendered instanceof Rendered kept) {
      raw = kept;
    } else {
      raw = new Rendered(update, links.resource(update.resource), Payload.RAW);
      update.rendered = raw;
    }
    return payload == Payload.RAW ? raw : raw.styled(update, links, payload);
  }

  private Rendered styled(Update update, Links links, Payload payload) {
    @Nullable Rendered[] kept = styles;
    if (kept == null) {
      kept = new Rendered[Payload.values().length];
      styles = kept;
    }
    Rendered made = kept[payload.ordinal()];
    if (made == null) {
      made = new Rendered(update, links.resource(update.resource), payload);
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
