package io.livehook.security;

import com.google.crypto.tink.subtle.Ed25519Sign;
import io.livehook.platform.Secret;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * An Ed25519 pair (Standard Webhooks {@code v1a}); belongs to one event loop. Cannot be printed.
 */
public final class SigningPair {
  private static final int SEED_BYTES = 32;
  private final Ed25519Sign signer;
  private final String publicKey;

  /**
   * @param seed 32 bytes in base64
   */
  public SigningPair(Secret seed) {
    try {
      var pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(Base64.getDecoder().decode(seed.reveal()));
      this.signer = new Ed25519Sign(pair.getPrivateKey());
      this.publicKey = "whpk_" + Base64.getEncoder().encodeToString(pair.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no seed of 32 bytes", e);
    }
  }

  public static Secret newSeed(RandomGenerator random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new Secret(Base64.getEncoder().encodeToString(seed));
  }

  /** {@code whpk_} and the raw 32 bytes in base64. */
  public String publicKey() {
    return publicKey;
  }

  public byte[] sign(byte[] content) {
    try {
      return signer.sign(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 signs anything", e);
    }
  }

  @Override
  public String toString() {
    return "SigningPair[" + publicKey + "]";
  }
}
