package io.livehook.security;

import io.livehook.platform.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All secrets of one subscription: the keys that sign, for a time those before them, and the values
 * of its own headers. Stored encrypted as a whole. Immutable; cannot be printed.
 */
public final class Keyring {
  private final Keys current;
  private final @Nullable Keys previous;
  private final long previousUntil;
  private final Map<String, Secret> headers;

  /**
   * What signs.
   *
   * @param secret in its displayed form
   * @param seed of the Ed25519 pair, if there is one
   */
  public record Keys(Secret secret, @Nullable Secret seed) {}

  private Keyring(
      Keys current, @Nullable Keys previous, long previousUntil, Map<String, Secret> headers) {
    this.current = current;
    this.previous = previous;
    this.previousUntil = previousUntil;
    this.headers = headers;
  }

  public static Keyring of(Secret secret) {
    return new Keyring(new Keys(secret, null), null, 0, Map.of());
  }

  /** Of a secret that was stored before there was a vault. */
  static Keyring ofPlain(String stored) {
    return of(new Secret(stored));
  }

  public Keys current() {
    return current;
  }

  /** The keys before a rotation, while they are valid beside the current ones. */
  public @Nullable Keys previous(long now) {
    return now < previousUntil ? previous : null;
  }

  public long previousUntil() {
    return previousUntil;
  }

  public Map<String, Secret> headers() {
    return Collections.unmodifiableMap(headers);
  }

  /** New keys from now on; those before stay valid until then, those before them end. */
  public Keyring rotated(Keys next, long now, long until) {
    boolean overlap = until > now;
    return new Keyring(next, overlap ? current : null, overlap ? until : 0, headers);
  }

  /** Another secret at once: nothing else is valid any more. */
  public Keyring with(Secret secret) {
    return new Keyring(new Keys(secret, current.seed()), null, 0, headers);
  }

  /** With an Ed25519 pair, or without. */
  public Keyring withSeed(@Nullable Secret seed) {
    return new Keyring(new Keys(current.secret(), seed), previous, previousUntil, headers);
  }

  public Keyring withHeaders(Map<String, Secret> other) {
    Map<String, Secret> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(other);
    return new Keyring(current, previous, previousUntil, copy);
  }

  // --- stored ---

  byte[] bytes() {
    JsonObject json = json(current);
    if (previous != null) {
      json.put("previous", json(previous).put("until", previousUntil));
    }
    if (!headers.isEmpty()) {
      JsonObject values = new JsonObject();
      headers.forEach((name, value) -> values.put(name, value.reveal()));
      json.put("headers", values);
    }
    return json.encode().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject json(Keys keys) {
    JsonObject json = new JsonObject().put("secret", keys.secret().reveal());
    return keys.seed() == null ? json : json.put("seed", keys.seed().reveal());
  }

  static Keyring parse(byte[] bytes) {
    JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    JsonObject previous = json.getJsonObject("previous");
    Map<String, Secret> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    json.getJsonObject("headers", new JsonObject())
        .forEach(each -> headers.put(each.getKey(), new Secret(String.valueOf(each.getValue()))));
    return new Keyring(
        keys(json),
        previous == null ? null : keys(previous),
        previous == null ? 0 : previous.getLong("until"),
        headers);
  }

  private static Keys keys(JsonObject json) {
    String seed = json.getString("seed");
    return new Keys(new Secret(json.getString("secret")), seed == null ? null : new Secret(seed));
  }

  /** What everybody may see of it, as a JSON object. */
  String shown() {
    JsonObject shown = new JsonObject();
    if (current.seed() != null) {
      shown.put("public_key", new SigningPair(current.seed()).publicKey());
    }
    if (previous != null) {
      shown.put("previous_until", previousUntil);
    }
    if (!headers.isEmpty()) {
      shown.put("headers", new JsonArray(headers.keySet().stream().toList()));
    }
    return shown.encode();
  }

  @Override
  public String toString() {
    return "Keyring[…]";
  }
}
