package io.livehook.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resources to read with their subscriptions, by key or by id. */
public record LoadBatch(List<Resource> resources) {
  /**
   * A resource as stored.
   *
   * @param sequence of its newest update
   * @param hasValue its newest update is not a deletion
   * @param etag of its newest update, or null
   * @param last id of its newest update, or 0
   * @param place of that, when it is a collection; else null
   */
  public record LoadedResource(
      long id,
      long tenant,
      String uri,
      long subVer,
      long sequence,
      boolean hasValue,
      @Nullable String etag,
      long last,
      @Nullable Place place,
      List<LoadedSubscription> subscriptions) {}

  /** An active subscription as stored, with its behind row. */
  public record LoadedSubscription(
      long id,
      String publicId,
      String label,
      SubscriptionOptions options,
      long fromVer,
      @Nullable LoadedBehind behind) {}

  /** A behind row as stored. */
  public record LoadedBehind(BehindReason reason, long since, long probeAt) {}
}
