package io.livehook.api;

import io.livehook.platform.Base32;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The public id of a delivery, made of its update and its subscription: it needs no row. */
record DeliveryId(long update, long subscription) {
  private static final String PREFIX = "dlv_";

  static Optional<DeliveryId> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return Base32.decode(text.substring(PREFIX.length()), 2 * Long.BYTES)
        .map(ByteBuffer::wrap)
        .map(bytes -> new DeliveryId(bytes.getLong(), bytes.getLong()));
  }

  String text() {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(update).putLong(subscription);
    return PREFIX + Base32.encode(bytes.array());
  }
}
