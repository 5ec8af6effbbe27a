package io.livehook.ingest;

import io.livehook.http.Fault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code Content-Digest} (RFC 9530): what it names of SHA-256 and SHA-512 must hold. Pure. */
final class ContentDigest {
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha-256", "SHA-256", "sha-512", "SHA-512");

  private ContentDigest() {}

  /** Faults of a body that does not have the digests that came with it (PUSH-7). */
  static List<Fault> faults(@Nullable String header, byte[] body) {
    if (header == null) {
      return List.of();
    }
    for (String member : header.split(",", -1)) {
      Fault fault = fault(member.trim(), body);
      if (fault != null) {
        return List.of(fault);
      }
    }
    return List.of();
  }

  private static @Nullable Fault fault(String member, byte[] body) {
    int equals = member.indexOf('=');
    String value = member.substring(equals + 1);
    boolean wellFormed =
        equals > 0 && value.length() > 2 && value.startsWith(":") && value.endsWith(":");
    if (!wellFormed) {
      return new Fault("header/Content-Digest", "malformed", "write sha-256=:BASE64:");
    }
    String algorithm = ALGORITHMS.get(member.substring(0, equals));
    if (algorithm == null) {
      return null;
    }
    String actual = Base64.getEncoder().encodeToString(digest(algorithm, body));
    return actual.equals(value.substring(1, value.length() - 1))
        ? null
        : new Fault("header/Content-Digest", "mismatch", "the body's is " + actual);
  }

  private static byte[] digest(String algorithm, byte[] body) {
    try {
      return MessageDigest.getInstance(algorithm).digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
