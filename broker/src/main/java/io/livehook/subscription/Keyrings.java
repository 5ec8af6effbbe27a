package io.livehook.subscription;

import io.livehook.delivery.DeliveryForm;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.platform.Secret;
import io.livehook.security.Keyring;
import io.livehook.security.SigningPair;
import io.livehook.security.SigningSecret;
import io.livehook.security.Vault;
import io.vertx.core.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes, changes and rotates the keyrings of subscriptions, sealed. One per event loop. */
public final class Keyrings {
  private final Vault vault;
  private final RandomGenerator random;

  /**
   * @param random a secure one
   */
  public Keyrings(Vault vault, RandomGenerator random) {
    this.vault = vault;
    this.random = random;
  }

  /** A keyring and the text to store for it. */
  record Sealed(Keyring ring, String stored) {}

  private Secret generated() {
    return new Secret(SigningSecret.generate(random));
  }

  private Future<Sealed> seal(Vault.Place place, Keyring ring) {
    return vault.seal(place, ring).map(stored -> new Sealed(ring, stored));
  }

  /** Of a new subscription. */
  Future<Sealed> made(Vault.Place place, Choice choice) {
    return seal(place, choice.keyring(Keyring.of(generated()), DeliveryForm.PLAIN, random));
  }

  /** The text to store once the options are as chosen: the same one if no secret changes. */
  Future<String> changed(Vault.Place place, Choice choice, String stored, @Nullable String before) {
    DeliveryForm form = DeliveryForm.parse(before);
    return choice.touchesKeys(form)
        ? vault
            .open(stored, place)
            .compose(ring -> vault.seal(place, choice.keyring(ring, form, random)))
        : Future.succeededFuture(stored);
  }

  /**
   * New keys. Those that held until now stay valid for the overlap.
   *
   * @param given the new secret, or null: one is made
   * @param now of the database's clock, in milliseconds
   * @param overlap in milliseconds
   */
  Future<Sealed> rotated(
      Vault.Place place,
      SubscriptionOptions before,
      @Nullable Secret given,
      long now,
      long overlap) {
    return vault
        .open(before.secret(), place)
        .compose(
            ring -> {
              boolean pair = ring.current().seed() != null;
              Keyring.Keys next =
                  new Keyring.Keys(
                      given == null ? generated() : given,
                      pair ? SigningPair.newSeed(random) : null);
              return seal(place, ring.rotated(next, now, now + overlap));
            });
  }
}
