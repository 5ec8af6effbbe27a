package io.livehook.api;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.svix.Webhook;
import io.livehook.api.Mailbox.Letter;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies deliveries as receivers do: by foreign libraries, or by the JDK and the specification.
 */
final class Verifiers {
  private static final HexFormat HEX = HexFormat.of();

  /** Of X.509 before the 32 bytes of an Ed25519 key. */
  private static final byte[] ED25519 = HEX.parseHex("302a300506032b6570032100");

  private static final Pattern LABEL = Pattern.compile("(sig[0-9])=(\\((.*?)\\)[^,]*)");

  private Verifiers() {}

  private static Map<String, List<String>> headers(Letter letter) {
    Map<String, List<String>> headers = new HashMap<>();
    letter
        .headers()
        .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
    return headers;
  }

  /** {@code com.standardwebhooks:standardwebhooks}. */
  static boolean standardWebhooks(Letter letter, String secret) {
    try {
      new com.standardwebhooks.Webhook(secret).verify(letter.text(), headers(letter));
      return true;
    } catch (com.standardwebhooks.exceptions.EmptyWebhookSecretException
        | WebhookVerificationException refused) {
      return false;
    }
  }

  /** {@code com.svix:svix}. */
  static boolean svix(Letter letter, String secret) {
    try {
      new Webhook(secret)
          .verify(letter.text(), HttpHeaders.of(headers(letter), (name, value) -> true));
      return true;
    } catch (com.svix.exceptions.EmptyWebhookSecretException
        | com.svix.exceptions.WebhookVerificationException refused) {
      return false;
    }
  }

  private static byte[] signed(Letter letter) {
    byte[] head =
        (letter.header("webhook-id") + "." + letter.header("webhook-timestamp") + ".")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(head, head.length + letter.body().length);
    System.arraycopy(letter.body(), 0, all, head.length, letter.body().length);
    return all;
  }

  private static byte[] hmac(byte[] key, byte[] content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] key(String secret) {
    return Base64.getDecoder().decode(secret.substring("whsec_".length()));
  }

  /** The specification of Standard Webhooks, over bytes: what the libraries take as text only. */
  static boolean v1(Letter letter, String secret) {
    String wanted = "v1," + Base64.getEncoder().encodeToString(hmac(key(secret), signed(letter)));
    return List.of(letter.header("webhook-signature").split(" ", -1)).contains(wanted);
  }

  static boolean hook(Letter letter, String secret) {
    byte[] mac = hmac(secret.getBytes(StandardCharsets.UTF_8), letter.body());
    return letter.header("X-Hook-Signature").equals(HEX.formatHex(mac));
  }

  static boolean hub256(Letter letter, String secret) {
    byte[] mac = hmac(secret.getBytes(StandardCharsets.UTF_8), letter.body());
    return letter.header("X-Hub-Signature-256").equals("sha256=" + HEX.formatHex(mac));
  }

  /** {@code v1a} by the JDK's Ed25519. */
  static boolean v1a(Letter letter, String publicKey) {
    for (String each : letter.header("webhook-signature").split(" ", -1)) {
      if (each.startsWith("v1a,")
          && ed25519(publicKey, signed(letter), Base64.getDecoder().decode(each.substring(4)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean ed25519(String publicKey, byte[] content, byte[] signature) {
    try {
      byte[] raw = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
      byte[] encoded = java.util.Arrays.copyOf(ED25519, ED25519.length + raw.length);
      System.arraycopy(raw, 0, encoded, ED25519.length, raw.length);
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
      verifier.update(content);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * One of the letter's RFC 9421 signatures, by that secret or public key; target = its full URL.
   */
  static boolean message(Letter letter, String target, String key) {
    Matcher label = LABEL.matcher(letter.header("Signature-Input"));
    boolean fits = false;
    while (label.find()) {
      StringBuilder base = new StringBuilder();
      for (String quoted : label.group(3).split(" ", -1)) {
        String name = quoted.substring(1, quoted.length() - 1);
        String value =
            switch (name) {
              case "@method" -> "POST";
              case "@target-uri" -> target;
              default -> letter.header(name);
            };
        base.append(quoted).append(": ").append(value).append('\n');
      }
      base.append("\"@signature-params\": ").append(label.group(2));
      byte[] content = base.toString().getBytes(StandardCharsets.ISO_8859_1);
      Matcher found =
          Pattern.compile(label.group(1) + "=:([^:]*):").matcher(letter.header("Signature"));
      byte[] signature = found.find() ? Base64.getDecoder().decode(found.group(1)) : new byte[0];
      fits |=
          key.startsWith("whpk_")
              ? label.group(2).contains("ed25519") && ed25519(key, content, signature)
              : java.util.Arrays.equals(hmac(key(key), content), signature);
    }
    return fits;
  }
}
