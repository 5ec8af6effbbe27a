package io.livehook.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs attempts with one secret: the prepared keys are kept, so that an attempt costs two passes
 * over the body. Belongs to one event loop.
 */
public final class Signer {
  private static final String HMAC = "HmacSHA256";
  private static final String VERSION = "v1,";

  private final Mac webhook;
  private final Mac hook;

  public Signer(SigningSecret secret) {
    this.webhook = mac(secret.webhookKey());
    this.hook = mac(secret.stringKey());
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /** {@code webhook-signature} of Standard Webhooks: over {@code id.timestamp.body}. */
  public String webhookSignature(String id, String timestamp, byte[] body) {
    webhook.update(ascii(id));
    webhook.update((byte) '.');
    webhook.update(ascii(timestamp));
    webhook.update((byte) '.');
    return VERSION + Base64.getEncoder().encodeToString(webhook.doFinal(body));
  }

  /** The bytes that Standard Webhooks signs, for who cannot sign them in parts. */
  public static byte[] content(String id, String timestamp, byte[] body) {
    byte[] head = ascii(id + '.' + timestamp + '.');
    byte[] content = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, content, head.length, body.length);
    return content;
  }

  /** {@code hmac-sha256} of RFC 9421, by the decoded key. */
  public byte[] sign(byte[] content) {
    return webhook.doFinal(content);
  }

  /** {@code X-Hook-Signature}: lower-case hex over the body. */
  public String hookSignature(byte[] body) {
    return HexFormat.of().formatHex(hook.doFinal(body));
  }

  /** {@code Content-Digest} (RFC 9530) of a body. */
  public static String contentDigest(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
