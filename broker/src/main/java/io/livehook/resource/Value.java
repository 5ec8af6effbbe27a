package io.livehook.resource;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The newest update of a resource as a value.
 *
 * @param present false: the resource is known and was deleted
 * @param headers further headers as a JSON object, or null
 * @param body null when only the head was asked for
 */
public record Value(
    boolean present,
    @Nullable String etag,
    @Nullable String contentType,
    @Nullable String headers,
    int length,
    @Nullable Buffer body) {}
