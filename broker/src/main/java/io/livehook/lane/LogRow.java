package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * A row of the log as read or to be written.
 *
 * @param previousEtag of the row before in the same resource; null also where it was not read
 * @param place in the chain of a collection; null for an object, and where only the head was read
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
    @Nullable String previousEtag,
    @Nullable Place place,
    byte @Nullable [] body) {
  public LogRow(
      long id,
      long resource,
      long subVer,
      long sequence,
      UpdateKind kind,
      @Nullable String etag,
      @Nullable String contentType,
      @Nullable String headers,
      byte @Nullable [] body) {
    this(id, resource, subVer, sequence, kind, etag, contentType, headers, null, null, body);
  }
}
