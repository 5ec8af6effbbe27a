package io.livehook.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the column {@code secret} of a subscription holds: {@code §1.key.cipher.shown}. The mark is
 * no ASCII, a secret that was stored before there was a vault is: the two are never mistaken.
 *
 * @param key the data key's number
 * @param shown what everybody may see of the keyring, bound to the cipher
 */
@SuppressWarnings("ArrayRecordComponent")
public record SealedText(long key, byte[] cipher, String shown) {
  private static final String MARK = "\u00a71.";

  /** Null: stored before there was a vault, in the clear. */
  static @Nullable SealedText parse(String stored) {
    if (!stored.startsWith(MARK)) {
      return null;
    }
    String[] parts = stored.split("\\.", -1);
    Base64.Decoder base64 = Base64.getUrlDecoder();
    return new SealedText(
        Long.parseLong(parts[1]),
        base64.decode(parts[2]),
        new String(base64.decode(parts[3]), StandardCharsets.UTF_8));
  }

  /** What everybody may see of a stored keyring, as a JSON object. */
  public static String shown(String stored) {
    SealedText text = parse(stored);
    return text == null ? "{}" : text.shown;
  }

  String text() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return MARK
        + key
        + "."
        + base64.encodeToString(cipher)
        + "."
        + base64.encodeToString(shown.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "SealedText[key=" + key + "]";
  }
}
