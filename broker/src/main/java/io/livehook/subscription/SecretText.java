package io.livehook.subscription;

import io.livehook.security.SigningSecret;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a consumer may give as a signing secret (standards.md §2). Pure. */
final class SecretText {
  private static final int SHORTEST = 8;
  private static final int LONGEST = 200;

  private SecretText() {}

  /** What is wrong with it, or null; never quotes it. */
  static @Nullable String fault(String secret) {
    if (secret.length() < SHORTEST
        || secret.length() > LONGEST
        || secret.chars().anyMatch(each -> each < ' ' || each > '~')) {
      return "a secret is %d to %d characters of printable ASCII".formatted(SHORTEST, LONGEST);
    }
    return secret.startsWith(SigningSecret.PREFIX) && !decodes(secret)
        ? "after whsec_ come 24 to 64 bytes as standard base64"
        : null;
  }

  private static boolean decodes(String secret) {
    try {
      int bytes =
          Base64.getDecoder().decode(secret.substring(SigningSecret.PREFIX.length())).length;
      return bytes >= 24 && bytes <= 64;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
