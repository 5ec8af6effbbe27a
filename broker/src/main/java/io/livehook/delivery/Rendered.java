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

/**
 * An update made ready for sending, once for all its attempts: the body and the headers that are
 * the same for every subscription (standards.md §2, DLV-1, DLV-2, DLV-3, DLV-6, DLV-9).
 */
final class Rendered {
  private static final CharSequence NO_STATUS =
      io.vertx.core.http.HttpHeaders.createOptimized("404");

  final Buffer body;
  final byte[] bytes;
  final String id;
  final CharSequence[] headers;
  final Trace trace;

  private Rendered(Update update, String self) {
    this.bytes = update.body();
    this.body = Buffer.buffer(bytes);
    this.id = Ids.message(update.id);
    this.trace = Trace.of(update.resource.id(), update.id);
    List<CharSequence> all = new ArrayList<>(24);
    add(all, Names.WEBHOOK_ID, id);
    add(all, Names.WEBHOOK_SEQUENCE, Long.toString(update.sequence));
    add(all, Names.LOCATION, Percent.ascii(update.resource.uri()));
    add(all, Names.LINK, "<" + self + ">; rel=\"self\"");
    add(all, Names.CONTENT_DIGEST, Signer.contentDigest(bytes));
    if (update.kind == UpdateKind.DELETED) {
      add(all, Names.LIVERESOURCE_STATUS, NO_STATUS);
    } else if (update.contentType != null) {
      add(all, Names.CONTENT_TYPE, update.contentType);
    }
    if (update.etag != null) {
      add(all, Names.ETAG, update.etag);
    }
    String previous = update.previousEtag();
    if (previous != null) {
      add(all, Names.PREVIOUS_ETAG, previous);
    }
    if (update.headers != null) {
      new JsonObject(update.headers)
          .forEach(each -> add(all, each.getKey(), String.valueOf(each.getValue())));
    }
    this.headers = all.toArray(CharSequence[]::new);
  }

  private static void add(List<CharSequence> headers, CharSequence name, CharSequence value) {
    headers.add(name);
    headers.add(value);
  }

  /** Kept with the update as long as its body is. */
  static Rendered of(Update update, Links links) {
    if (update.rendered instanceof Rendered kept) {
      return kept;
    }
    Rendered made = new Rendered(update, links.resource(update.resource));
    update.rendered = made;
    return made;
  }
}
