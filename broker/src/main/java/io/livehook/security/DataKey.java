package io.livehook.security;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.livehook.platform.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * The key that one tenant's secrets are encrypted with: a Tink keyset, stored wrapped by a master
 * key and bound to its tenant. Immutable; any thread.
 *
 * @param master id of the master key that wraps it
 */
@SuppressWarnings("ArrayRecordComponent")
public record DataKey(String master, byte[] wrapped) {
  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink does not know its own keys", e);
    }
  }

  /** Loads what the first key needs, which takes too long for an event loop. */
  static void prepare() {
    try {
      MasterKeys masters =
          MasterKeys.parse(new Secret(Base64.getEncoder().encodeToString(new byte[32])));
      DataKey unused = generate(masters, 0).rewrapped(masters, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink does not work here", e);
    }
  }

  /** A new one, wrapped by the current master key. */
  static DataKey generate(MasterKeys masters, long tenant) throws GeneralSecurityException {
    return wrap(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM), masters, tenant);
  }

  private static DataKey wrap(KeysetHandle keyset, MasterKeys masters, long tenant)
      throws GeneralSecurityException {
    String id = masters.current();
    return new DataKey(
        id, TinkProtoKeysetFormat.serializeEncryptedKeyset(keyset, aead(masters, id), of(tenant)));
  }

  /** The same key, wrapped by the current master key. */
  public DataKey rewrapped(MasterKeys masters, long tenant) throws GeneralSecurityException {
    return wrap(keyset(masters, tenant), masters, tenant);
  }

  Aead aead(MasterKeys masters, long tenant) throws GeneralSecurityException {
    return keyset(masters, tenant).getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  private KeysetHandle keyset(MasterKeys masters, long tenant) throws GeneralSecurityException {
    return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, aead(masters, master), of(tenant));
  }

  private static Aead aead(MasterKeys masters, String id) throws GeneralSecurityException {
    Aead aead = masters.aead(id);
    if (aead == null) {
      throw new GeneralSecurityException("master key " + id + " is not among those that are set");
    }
    return aead;
  }

  private static byte[] of(long tenant) {
    return ("tenant " + tenant).getBytes(StandardCharsets.US_ASCII);
  }
}
