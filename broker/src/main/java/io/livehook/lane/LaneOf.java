package io.livehook.lane;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The lane of a resource: first 8 bytes of SHA-256(tenant uuid ‖ URI), unsigned, mod lanes. */
public final class LaneOf {
  private LaneOf() {}

  public static int lane(UUID tenant, String uri, int lanes) {
    byte[] text = uri.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(16 + text.length);
    bytes.putLong(tenant.getMostSignificantBits()).putLong(tenant.getLeastSignificantBits());
    bytes.put(text);
    return (int) Long.remainderUnsigned(ByteBuffer.wrap(sha256(bytes.array())).getLong(), lanes);
  }

  /** SHA-256, for uniqueness keys and lanes. */
  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
