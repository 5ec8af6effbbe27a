package io.livehook.ingest;

import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an origin says of a value beside its bytes.
 *
 * @param etag as given, strong or not
 * @param headers further representation headers as a JSON object, or null
 */
record Head(
    @Nullable String contentType,
    @Nullable String etag,
    @Nullable String headers,
    @Nullable String idempotencyKey) {
  private static final CharSequence IDEMPOTENCY_KEY =
      HttpHeaders.createOptimized("idempotency-key");
  private static final int LONGEST = 1_024;

  /** Reads the headers of a PUT. */
  static Head ofValue(Exchange exchange, List<Fault> faults) {
    String contentType = exchange.header(HttpHeaders.CONTENT_TYPE);
    checkType("header/Content-Type", contentType, faults);
    return new Head(
        contentType,
        exchange.header(HttpHeaders.ETAG),
        further(exchange, faults),
        key(exchange, faults));
  }

  /** Reads the headers of a DELETE, which has no value. */
  static Head ofDeletion(Exchange exchange, List<Fault> faults) {
    return new Head(null, null, null, key(exchange, faults));
  }

  private static @Nullable String key(Exchange exchange, List<Fault> faults) {
    return IdempotencyKey.read("header/Idempotency-Key", exchange.header(IDEMPOTENCY_KEY), faults);
  }

  /** A media type is required: it tells an empty value from a deletion (PUSH-1, GAP-7). */
  static void checkType(String pointer, @Nullable String type, List<Fault> faults) {
    if (type == null || type.isBlank()) {
      faults.add(
          new Fault(pointer, "missing", "a value has a media type, such as application/json"));
    } else if (!visible(type) || type.indexOf('/') < 1) {
      faults.add(new Fault(pointer, "malformed", "not a media type such as application/json"));
    }
  }

  private static boolean visible(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
        return false;
      }
    }
    return value.length() <= LONGEST;
  }

  private static @Nullable String further(Exchange exchange, List<Fault> faults) {
    String encoding = exchange.header(HttpHeaders.CONTENT_ENCODING);
    String language = exchange.header(HttpHeaders.CONTENT_LANGUAGE);
    String modified = exchange.header(HttpHeaders.LAST_MODIFIED);
    if (encoding == null && language == null && modified == null) {
      return null;
    }
    JsonObject headers = new JsonObject();
    put(headers, "Content-Encoding", encoding, faults);
    put(headers, "Content-Language", language, faults);
    put(headers, "Last-Modified", modified, faults);
    return headers.encode();
  }

  private static void put(
      JsonObject headers, String name, @Nullable String value, List<Fault> faults) {
    if (value == null) {
      return;
    }
    if (!visible(value)) {
      faults.add(new Fault("header/" + name, "malformed", "not visible ASCII, or too long"));
    }
    headers.put(name, value);
  }
}
