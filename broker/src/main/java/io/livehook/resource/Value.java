package io.livehook.resource;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a resource is now.
 *
 * @param present false: it is known, and was deleted or never had an update
 * @param open anyone may read it
 * @param collection it has changes
 * @param represented false: a collection without a value that its changes still lead on from
 * @param checkpoint of a collection: as of this value, or the newest; 0 = before its first update
 * @param headers further headers as a JSON object, or null
 * @param body null when only the head was asked for
 */
public record Value(
    boolean present,
    boolean open,
    boolean collection,
    boolean represented,
    long checkpoint,
    @Nullable String etag,
    @Nullable String contentType,
    @Nullable String headers,
    int length,
    @Nullable Buffer body) {
  /** A collection that is there, but cannot be shown. */
  boolean empty() {
    return collection && !represented && (present || checkpoint == 0);
  }
}
