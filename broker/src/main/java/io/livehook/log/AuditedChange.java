package io.livehook.log;

import io.livehook.lane.ChangeBatch.Change;
import io.livehook.lane.ChangeBatch.Configured;
import io.livehook.lane.ChangeBatch.Created;
import io.livehook.lane.ChangeBatch.Ended;
import io.livehook.lane.ChangeBatch.Held;
import io.livehook.lane.ChangeBatch.Redelivered;
import io.livehook.lane.ChangeBatch.Released;
import io.livehook.lane.ChangeBatch.Renewed;
import io.livehook.lane.Mode;
import io.livehook.lane.Submission;
import io.livehook.lane.Subscription;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.platform.Ids;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the audit says of a change of a subscription; of secrets only that they changed. Pure. */
final class AuditedChange {
  private AuditedChange() {}

  static String action(Change change) {
    return switch (change) {
      case Created created -> "subscription.created";
      case Renewed renewed ->
          renewed.asked().standing == null ? "subscription.renewed" : "subscription.changed";
      case Configured configured -> "resource.configured";
      case Ended ended -> "subscription.ended." + ended.reason().label();
      case Held held -> "subscription.held";
      case Released released -> "subscription.released";
      case Redelivered redelivered -> "delivery.redelivered";
    };
  }

  /** A subscription's alias; a resource has its URI, by which everybody knows it. */
  static String subject(Change change) {
    if (change instanceof Configured configured) {
      return configured.resource().uri();
    }
    String id =
        switch (change) {
          case Configured configured -> throw new IllegalStateException("no subscription");
          case Created created -> created.asked().publicId;
          case Renewed renewed -> renewed.subscription().publicId;
          case Ended ended -> ended.subscription().publicId;
          case Held held -> held.subscription().publicId;
          case Released released -> released.subscription().publicId;
          case Redelivered redelivered -> redelivered.subscription().publicId;
        };
    return Ids.text(Ids.Kind.SUBSCRIPTION, UUID.fromString(id));
  }

  static @Nullable String before(Change change) {
    return switch (change) {
      case Created created -> null;
      case Renewed renewed -> options(renewed.subscription().options()).encode();
      case Configured configured -> configuration(configured.asked().before).encode();
      case Ended ended -> state(ended.subscription(), "active").encode();
      case Held held -> new JsonObject().put("held", false).encode();
      case Released released -> new JsonObject().put("held", true).encode();
      case Redelivered redelivered -> delivery(redelivered, "dead").encode();
    };
  }

  static String after(Change change) {
    JsonObject after =
        switch (change) {
          case Created created ->
              options(created.asked().options)
                  .put("resource", created.resource().uri())
                  .put("label", created.asked().label)
                  .put("status", "active");
          case Configured configured -> configuration(configured.asked().wanted);
          case Renewed renewed -> renewed(renewed);
          case Ended ended ->
              state(ended.subscription(), "ended").put("reason", ended.reason().label());
          case Held held -> new JsonObject().put("held", true);
          case Released released -> new JsonObject().put("held", false);
          case Redelivered redelivered -> delivery(redelivered, "retry");
        };
    return after.encode();
  }

  private static JsonObject renewed(Renewed renewed) {
    String before = renewed.subscription().options().secret();
    return options(renewed.options())
        .put("secret_changed", !renewed.options().secret().equals(before));
  }

  private static JsonObject options(SubscriptionOptions options) {
    boolean open = options.leaseUntil() == Long.MAX_VALUE;
    JsonObject json =
        new JsonObject()
            .put("callback_uri", options.callback())
            .put("order", options.strict() ? "strict" : "none")
            .put("max_in_flight", options.maxInFlight())
            .put("retry_schedule", options.retrySchedule())
            .put("form", options.form() == null ? null : new JsonObject(options.form()))
            .put("expires_at", open ? null : Instant.ofEpochMilli(options.leaseUntil()).toString());
    return options.mode() == Mode.CHANGES
        ? json.put("mode", options.mode().label()).put("merge", options.merge())
        : json;
  }

  private static JsonObject configuration(Submission.Configuration configuration) {
    return new JsonObject()
        .put("kind", configuration.collection() ? "collection" : "object")
        .put("subscribe", configuration.openToSubscribe() ? "open" : "key")
        .put("read", configuration.openToRead() ? "open" : "key");
  }

  private static JsonObject state(Subscription subscription, String status) {
    return new JsonObject()
        .put("resource", subscription.resource.uri())
        .put("callback_uri", subscription.options().callback())
        .put("status", status);
  }

  private static JsonObject delivery(Redelivered redelivered, String state) {
    return new JsonObject().put("update", Ids.message(redelivered.update())).put("state", state);
  }
}
