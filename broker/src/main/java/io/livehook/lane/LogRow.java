package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * A row of the log as read or to be written.
 *
 * @param body null when only the head of the row was read
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogRow(
    long id,
    long resource,
    long subVer,
    long sequence,
    UpdateKind kind,
    @Nullable String etag,
    @Nullable String contentType,
    @Nullable String headers,
    byte @Nullable [] body) {}
