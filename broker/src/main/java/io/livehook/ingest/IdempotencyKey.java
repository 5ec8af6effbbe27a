package io.livehook.ingest;

import io.livehook.http.Fault;
import io.livehook.lane.Submission.ChangesIds;
import io.livehook.resource.ResourceName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Idempotency-Key}: its form, and the hash that tells another body. Pure. */
final class IdempotencyKey {
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /** The key without the quotes of a structured field; a fault is added if it has another form. */
  static @Nullable String read(String pointer, @Nullable String given, List<Fault> faults) {
    if (given == null) {
      return null;
    }
    boolean quoted = given.length() > 1 && given.startsWith("\"") && given.endsWith("\"");
    String key = quoted ? given.substring(1, given.length() - 1) : given;
    boolean printable = key.chars().allMatch(each -> each > ' ' && each <= '~');
    if (key.isEmpty() || key.length() > LONGEST || !printable) {
      faults.add(new Fault(pointer, "malformed", "1 to " + LONGEST + " visible ASCII characters"));
    }
    return key;
  }

  /** SHA-256 of kind, resource, content type, etag as given, further headers, ids and body. */
  static byte[] bodyHash(int kind, ResourceName name, Head head, ChangesIds ids, byte[] body) {
    MessageDigest digest = sha256();
    digest.update((byte) kind);
    for (@Nullable String part :
        new @Nullable String[] {name.uri(), head.contentType(), head.etag(), head.headers()}) {
      byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(4).putInt(part == null ? -1 : bytes.length).flip());
      digest.update(bytes);
    }
    if (ids.id() != null) {
      digest.update((ids.id() + '\n' + ids.previous()).getBytes(StandardCharsets.UTF_8));
    }
    return digest.digest(body);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
