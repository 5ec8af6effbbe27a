package io.livehook.resource;

import io.livehook.http.Exchange;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What answers that show a resource have in common (DISC-4, DLV-4). Pure. */
public final class Discovery {
  /** Names the checkpoint that the answer is as of. */
  public static final CharSequence CHANGES_ID = HttpHeaders.createOptimized("changes-id");

  /** What a resource can do at its own URI: one callback for many is all, so far (SUB-8). */
  public static final String PROPERTY = "multiplex=callbacks";

  private static final CharSequence LIVERESOURCE_PROPERTY =
      HttpHeaders.createOptimized("liveresource-property");
  private static final CharSequence CALLBACKS = HttpHeaders.createOptimized(PROPERTY);

  private Discovery() {}

  public static void put(Exchange exchange) {
    exchange.put(LIVERESOURCE_PROPERTY, CALLBACKS);
  }

  /** Somebody else's content under our name: never run, never sniffed by a browser. */
  static void represent(
      Exchange exchange, @Nullable String contentType, @Nullable String headers, int length) {
    if (contentType != null) {
      exchange.put(HttpHeaders.CONTENT_TYPE, contentType);
    }
    if (headers != null) {
      new JsonObject(headers)
          .forEach(header -> exchange.put(header.getKey(), (String) header.getValue()));
    }
    exchange.put(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
  }
}
