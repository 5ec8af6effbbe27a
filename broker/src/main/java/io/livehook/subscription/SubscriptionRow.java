package io.livehook.subscription;

import io.livehook.delivery.DeliveryForm;
import io.livehook.http.Percent;
import io.livehook.platform.Ids;
import io.livehook.resource.ETags;
import io.livehook.security.SealedText;
import io.livehook.security.Tenant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as its row has it, without its secret. Immutable.
 *
 * @param look a JSON object: how its deliveries look
 */
public record SubscriptionRow(
    long id,
    UUID publicId,
    long resourceId,
    String uri,
    String mode,
    String kind,
    String label,
    String callback,
    String status,
    @Nullable String reason,
    boolean strict,
    int maxInFlight,
    boolean merge,
    @Nullable String retrySchedule,
    long fromSequence,
    @Nullable Long toSequence,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime endedAt,
    @Nullable OffsetDateTime leaseUntil,
    boolean hold,
    String look) {
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

  static SubscriptionRow of(Row row) {
    return new SubscriptionRow(
        row.getLong("id"),
        row.getUUID("public_id"),
        row.getLong("resource_id"),
        row.getString("uri"),
        row.getString("mode"),
        row.getString("kind"),
        row.getString("label"),
        row.getString("callback"),
        row.getString("status"),
        row.getString("reason"),
        row.getBoolean("strict"),
        row.getInteger("max_in_flight"),
        row.getBoolean("merge"),
        row.getString("retry_schedule"),
        row.getLong("from_sequence"),
        row.getLong("to_sequence"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("ended_at"),
        row.getOffsetDateTime("lease_until"),
        row.getBoolean("hold"),
        look(row).encode());
  }

  /** How its deliveries look, and what of its secrets everybody may see. */
  private static JsonObject look(Row row) {
    JsonObject shown = new JsonObject(SealedText.shown(row.getString("secret")));
    Long until = shown.getLong("previous_until");
    return DeliveryForm.parse(row.getString("form"))
        .json()
        .put("headers", shown.getJsonArray("headers", new JsonArray()))
        .put("public_key", shown.getString("public_key"))
        .put(
            "previous_secret_until",
            until == null
                ? null
                : MILLISECONDS.format(Instant.ofEpochMilli(until).atOffset(ZoneOffset.UTC)));
  }

  public boolean ended() {
    return status.equals("ended");
  }

  /** It is subscribed to the changes of a collection. */
  public boolean changes() {
    return mode.equals("changes");
  }

  /** The opaque id: {@code sub_…}. */
  public String alias() {
    return Ids.text(Ids.Kind.SUBSCRIPTION, publicId);
  }

  /** RFC 3339 in UTC with milliseconds, or null. */
  public static @Nullable String time(@Nullable OffsetDateTime time) {
    return time == null ? null : MILLISECONDS.format(time.withOffsetSameInstant(ZoneOffset.UTC));
  }

  /** As an element of its collection: {@code id} is the encoded callback (SUB-7). */
  JsonObject element() {
    return described(new JsonObject().put("id", Percent.encode(callback)).put("alias", alias()));
  }

  /** As the JSON API has it: {@code id} is the opaque one (SUB-4). */
  public JsonObject json() {
    return described(new JsonObject().put("id", alias()));
  }

  /** Another one whenever the JSON API would show something else, the counts aside. */
  public String etag() {
    return ETags.of(null, json().toBuffer().getBytes());
  }

  private JsonObject described(JsonObject json) {
    if (changes()) {
      json.put("merge", merge);
    }
    return json.put("callback_uri", callback)
        .put("resource", uri)
        .put("mode", mode)
        .put("kind", kind)
        .put("label", label)
        .put("status", status)
        .put("reason", reason)
        .put("order", strict ? "strict" : "none")
        .put("max_in_flight", maxInFlight)
        .put("retry_schedule", retrySchedule)
        .put("hold", hold)
        .put("created_at", time(createdAt))
        .put("ended_at", time(endedAt))
        .put("expires_at", time(leaseUntil))
        .put("expiration_date", time(leaseUntil))
        .mergeIn(new JsonObject(look));
  }

  /** Its URL in the value-callback collection. */
  String location(String collection) {
    return collection + Percent.encode(callback);
  }

  /** Its alias's URL. */
  String aliasUrl(String baseUrl, Tenant tenant) {
    return baseUrl + '/' + tenant.slug() + "/subscriptions/" + alias();
  }
}
