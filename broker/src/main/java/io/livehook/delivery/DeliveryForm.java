package io.livehook.delivery;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the deliveries of a subscription look: the column {@code form}. Immutable. */
public record DeliveryForm(Payload payload, Set<Scheme> signatures) {
  public static final DeliveryForm PLAIN = new DeliveryForm(Payload.RAW, Set.of());

  public DeliveryForm {
    Set<Scheme> copy = EnumSet.noneOf(Scheme.class);
    copy.addAll(signatures);
    signatures = Collections.unmodifiableSet(copy);
  }

  public static DeliveryForm parse(@Nullable String stored) {
    if (stored == null) {
      return PLAIN;
    }
    JsonObject json = new JsonObject(stored);
    Set<Scheme> schemes = EnumSet.noneOf(Scheme.class);
    for (Object each : json.getJsonArray("signatures", new JsonArray())) {
      schemes.add(Objects.requireNonNull(Scheme.of(String.valueOf(each))));
    }
    Payload payload = Payload.of(json.getString("payload", Payload.RAW.label()));
    return new DeliveryForm(Objects.requireNonNull(payload), schemes);
  }

  /** The text to store; null for the plain form. */
  public @Nullable String text() {
    return equals(PLAIN) ? null : json().encode();
  }

  public JsonObject json() {
    JsonArray schemes = new JsonArray();
    signatures.forEach(each -> schemes.add(each.label()));
    return new JsonObject().put("payload", payload.label()).put("signatures", schemes);
  }
}
