package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * One accepted update in memory: a link in the chain of its resource and in that of its lane. Held
 * by one owner, on its thread.
 */
public final class Update {
  public final long id;
  public final Resource resource;
  public final long subVer;
  public final long sequence;
  public final UpdateKind kind;
  public final @Nullable String etag;
  public final @Nullable String contentType;
  public final @Nullable String headers;

  /** In the chain of a collection; null for an object. */
  public final @Nullable Place place;

  /** Tag of the resource's update accepted before this one; null = none, or not known any more. */
  @Nullable String previousEtag;

  /** The bytes as accepted; null while memory does not hold them (they are in the log). */
  byte @Nullable [] body;

  /** What the shell made of the body for sending; shared by all its attempts, dropped with it. */
  public @Nullable Object rendered;

  /** Subscriptions that count for the watermark and whose delivery of this has no flushed end. */
  int unresolved;

  @Nullable Update nextInResource;
  @Nullable Update nextInLane;

  Update(LogRow row, Resource resource) {
    this.id = row.id();
    this.resource = resource;
    this.subVer = row.subVer();
    this.sequence = row.sequence();
    this.kind = row.kind();
    this.etag = row.etag();
    this.contentType = row.contentType();
    this.headers = row.headers();
    this.previousEtag = row.previousEtag();
    this.place = row.place();
    this.body = row.body();
  }

  /** The same for every attempt, from memory or from the log. */
  public @Nullable String previousEtag() {
    return previousEtag;
  }

  /** The bytes; only for an update that was handed out to be sent or appended. */
  public byte[] body() {
    byte[] held = body;
    if (held == null) {
      throw new IllegalStateException("body of update " + id + " is not in memory");
    }
    return held;
  }

  int size() {
    return body == null ? 0 : body.length;
  }

  void forgetBody() {
    body = null;
    rendered = null;
  }
}
