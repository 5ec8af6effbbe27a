package io.livehook.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * A subscription's signing secret and the two keys derived from it: Standard Webhooks decodes the
 * base64 part of {@code whsec_…}, {@code X-Hook-Signature} takes the string (standards.md §2). A
 * secret of another form is its UTF-8 bytes for both. Cannot be printed.
 */
public final class SigningSecret {
  public static final String PREFIX = "whsec_";

  private final byte[] webhookKey;
  private final byte[] stringKey;

  private SigningSecret(byte[] webhookKey, byte[] stringKey) {
    this.webhookKey = webhookKey;
    this.stringKey = stringKey;
  }

  public static SigningSecret parse(String displayed) {
    byte[] text = displayed.getBytes(StandardCharsets.UTF_8);
    if (displayed.startsWith(PREFIX)) {
      try {
        return new SigningSecret(
            Base64.getDecoder().decode(displayed.substring(PREFIX.length())), text);
      } catch (IllegalArgumentException notBase64) {
        return new SigningSecret(text, text);
      }
    }
    return new SigningSecret(text, text);
  }

  /** A new secret in its displayed form: 32 random bytes. */
  public static String generate(RandomGenerator random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  byte[] webhookKey() {
    return webhookKey;
  }

  byte[] stringKey() {
    return stringKey;
  }

  @Override
  public String toString() {
    return "SigningSecret[…]";
  }
}
