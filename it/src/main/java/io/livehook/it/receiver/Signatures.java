package io.livehook.it.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.livehook.it.http.Server;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies Standard Webhooks v1 signatures by an HMAC of its own, and the other marks of a body.
 */
public final class Signatures {
  private static final long TOLERANCE_SECONDS = 5;

  private Signatures() {}

  /** {@code secret} is {@code whsec_…}; {@code epochSecond} is now. */
  public static boolean hold(Server.Request request, byte[] body, String secret, long epochSecond) {
    String id = request.header("webhook-id");
    String timestamp = request.header("webhook-timestamp");
    String signature = request.header("webhook-signature");
    if (id == null
        || timestamp == null
        || signature == null
        || request.headerCount("webhook-id") != 1) {
      return false;
    }
    return Math.abs(Long.parseLong(timestamp) - epochSecond) <= TOLERANCE_SECONDS
        && signature.equals("v1," + mac(secret, id, timestamp, body))
        && hexMac(secret.getBytes(UTF_8), body).equals(request.header("x-hook-signature"))
        && digestHolds(request.header("content-digest"), body);
  }

  private static String mac(String secret, String id, String timestamp, byte[] body) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean digestHolds(@Nullable String digest, byte[] body) {
    return digest != null
        && digest.equals("sha-256=:" + Base64.getEncoder().encodeToString(sha256(body)) + ":");
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** For {@code X-Hook-Signature}: the HMAC of the body alone, in hexadecimal. */
  private static String hexMac(byte[] key, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
