package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of one resource: an update to accept, or a change of a subscription. The lane
 * gives exactly one {@link Verdict} for each, by {@link Orders#answer}.
 */
public abstract sealed class Submission {
  /** The tenant's number. */
  public final long tenant;

  /** The resource's canonical URI, decoded once. */
  public final String uri;

  /** Lane of the resource, see {@link LaneOf}. */
  public final int lane;

  /** Millisecond at which it reached the owner. */
  long since;

  /** Set once a verdict has been given, so that none is given twice. */
  boolean answered;

  Submission(long tenant, String uri, int lane) {
    this.tenant = tenant;
    this.uri = uri;
    this.lane = lane;
  }

  /** An update of the resource; creates the resource when it is unknown. */
  public static final class Push extends Submission {
    public final UpdateKind kind;
    public final @Nullable String etag;
    public final @Nullable String contentType;

    /** Further representation headers to hand on, as a JSON object, or null. */
    public final @Nullable String headers;

    public final byte[] body;

    /** SHA-256 of kind, content type, etag and body; only with an idempotency key. */
    public final byte @Nullable [] bodyHash;

    public final @Nullable String idempotencyKey;

    /** The origin's id of the changes, or of those that a value has. */
    public final @Nullable String changesId;

    /** The origin's id of the changes before, as it says. */
    public final @Nullable String previousChangesId;

    public Push(
        long tenant,
        String uri,
        int lane,
        UpdateKind kind,
        Representation representation,
        @Nullable String idempotencyKey,
        byte @Nullable [] bodyHash) {
      this(tenant, uri, lane, kind, representation, ChangesIds.NONE, idempotencyKey, bodyHash);
    }

    public Push(
        long tenant,
        String uri,
        int lane,
        UpdateKind kind,
        Representation representation,
        ChangesIds changes,
        @Nullable String idempotencyKey,
        byte @Nullable [] bodyHash) {
      super(tenant, uri, lane);
      this.kind = kind;
      this.etag = representation.etag();
      this.contentType = representation.contentType();
      this.headers = representation.headers();
      this.body = representation.body();
      this.idempotencyKey = idempotencyKey;
      this.bodyHash = bodyHash;
      this.changesId = changes.id();
      this.previousChangesId = changes.previous();
    }
  }

  /** An origin's own ids of its changes (PUSH-3). */
  public record ChangesIds(@Nullable String id, @Nullable String previous) {
    public static final ChangesIds NONE = new ChangesIds(null, null);
  }

  /** The value of a resource as the origin sent it. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Representation(
      @Nullable String etag, @Nullable String contentType, @Nullable String headers, byte[] body) {}

  /** A subscription to make, or, when the callback has one already, its options to renew. */
  public static final class Subscribe extends Submission {
    public final String label;
    public final String publicId;
    public final SubscriptionOptions options;

    /** The consumer chose something of its secrets; else they are for a new subscription only. */
    public final boolean secretGiven;

    /** Set: it makes nothing new, and changes that subscription only while it stands like this. */
    public final @Nullable Standing standing;

    public final Actor actor;

    public Subscribe(
        long tenant,
        String uri,
        int lane,
        String label,
        String publicId,
        SubscriptionOptions options,
        Actor actor) {
      this(tenant, uri, lane, label, publicId, options, true, null, actor);
    }

    public Subscribe(
        long tenant,
        String uri,
        int lane,
        String label,
        String publicId,
        SubscriptionOptions options,
        boolean secretGiven,
        @Nullable Standing standing,
        Actor actor) {
      super(tenant, uri, lane);
      this.label = label;
      this.publicId = publicId;
      this.options = options;
      this.secretGiven = secretGiven;
      this.standing = standing;
      this.actor = actor;
    }

    boolean suits(@Nullable Subscription found) {
      return standing == null
          || (found != null
              && found.id == standing.subscription
              && found.options.chosenAs(standing.options));
    }
  }

  /** A subscription, by its internal id, and the options that it was read with. */
  public record Standing(long subscription, SubscriptionOptions options) {}

  /** The end of a subscription, named by its internal id. */
  public static final class Unsubscribe extends Submission {
    public final long subscription;
    public final EndReason reason;
    public final Actor actor;

    public Unsubscribe(
        long tenant, String uri, int lane, long subscription, EndReason reason, Actor actor) {
      super(tenant, uri, lane);
      this.subscription = subscription;
      this.reason = reason;
      this.actor = actor;
    }
  }

  /** A hold by hand, or its end. */
  public static final class Hold extends Submission {
    public final long subscription;
    public final boolean held;
    public final Actor actor;

    public Hold(long tenant, String uri, int lane, long subscription, boolean held, Actor actor) {
      super(tenant, uri, lane);
      this.subscription = subscription;
      this.held = held;
      this.actor = actor;
    }
  }

  /** A dead letter to try again now, on a fresh schedule. */
  public static final class Redeliver extends Submission {
    public final long subscription;
    public final long update;
    public final Actor actor;

    public Redeliver(
        long tenant, String uri, int lane, long subscription, long update, Actor actor) {
      super(tenant, uri, lane);
      this.subscription = subscription;
      this.update = update;
      this.actor = actor;
    }
  }

  /** What a resource is and who may do what with it; makes it when it is unknown. */
  public static final class Configure extends Submission {
    public final String publicId;
    public final Configuration before;
    public final Configuration wanted;
    public final Actor actor;

    public Configure(
        long tenant,
        String uri,
        int lane,
        String publicId,
        Configuration before,
        Configuration wanted,
        Actor actor) {
      super(tenant, uri, lane);
      this.publicId = publicId;
      this.before = before;
      this.wanted = wanted;
      this.actor = actor;
    }
  }

  /**
   * How a resource is configured.
   *
   * @param collection it has changes; one that has them stays one
   * @param openToSubscribe anyone may subscribe it, not only holders of keys
   * @param openToRead anyone may read it
   */
  public record Configuration(boolean collection, boolean openToSubscribe, boolean openToRead) {}

  /** Who asked, for the audit row. */
  public record Actor(String name, String requestId) {}
}
