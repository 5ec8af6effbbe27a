package io.livehook.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks a Standard Webhooks signature as a receiver would, from the specification and not with the
 * broker's own signer. Pure.
 */
final class Signature {
  private static final String PREFIX = "whsec_";

  private Signature() {}

  /**
   * @param signatures header {@code webhook-signature}: {@code v1,base64}, separated by spaces
   */
  static boolean fits(String secret, String id, String timestamp, byte[] body, String signatures) {
    byte[] expected = mac(secret, (id + "." + timestamp + ".").getBytes(UTF_8), body);
    for (String signature : signatures.split(" ", -1)) {
      if (signature.startsWith("v1,")
          && MessageDigest.isEqual(expected, decoded(signature.substring(3)))) {
        return true;
      }
    }
    return false;
  }

  private static byte[] mac(String secret, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = decoded(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      return new byte[0];
    }
  }
}
