package io.livehook.security;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.livehook.platform.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The master keys that are known: the first one wraps data keys, all of them open. A key's id is
 * made from the key itself, so that no list of names can be wrong. Immutable; cannot be printed.
 */
public final class MasterKeys {
  private static final int BYTES = 32;
  private static final int ID_BYTES = 4;
  private static final byte[] DOMAIN = "livehook master key ".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Aead> byId;
  private final String current;

  private MasterKeys(Map<String, Aead> byId, String current) {
    this.byId = byId;
    this.current = current;
  }

  /** Reads 32 bytes of base64 each, separated by commas or white space; the text is wiped. */
  public static MasterKeys parse(Secret text) {
    Map<String, Aead> byId = new LinkedHashMap<>();
    for (String each : text.reveal().split("[,\\s]+")) {
      if (!each.isEmpty()) {
        add(byId, each);
      }
    }
    text.wipe();
    String current =
        byId.keySet().stream()
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no master key in it"));
    return new MasterKeys(byId, current);
  }

  private static void add(Map<String, Aead> byId, String base64) {
    byte[] key = decoded(base64);
    try {
      byId.put(id(key), new AesGcmJce(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM and SHA-256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Says what is wrong and nothing of the key. */
  private static byte[] decoded(String base64) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("a master key is not base64");
    }
    if (key.length != BYTES) {
      throw new IllegalArgumentException(
          "a master key has %d bytes, not %d ('openssl rand -base64 %d')"
              .formatted(key.length, BYTES, BYTES));
    }
    return key;
  }

  private static String id(byte[] key) throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(DOMAIN);
    return HexFormat.of().formatHex(digest.digest(key), 0, ID_BYTES);
  }

  /** Id of the key that wraps. */
  public String current() {
    return current;
  }

  @Nullable Aead aead(String id) {
    return byId.get(id);
  }

  public boolean knows(String id) {
    return byId.containsKey(id);
  }

  @Override
  public String toString() {
    return "MasterKeys" + byId.keySet();
  }
}
