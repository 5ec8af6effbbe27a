package io.livehook.http;

import io.livehook.platform.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Places in a list, as opaque text: signed, and bound to the list and its filter, so that none is
 * made up or carried to another. One per event loop.
 */
public final class Cursors {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SEAL = 12;
  private static final int USUAL = 50;
  private static final int MOST = 200;

  private final Mac mac;

  public Cursors(Secret key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(
          new SecretKeySpec(
              ("cursor:" + key.reveal()).getBytes(StandardCharsets.UTF_8), ALGORITHM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Which page is asked for.
   *
   * @param after the place to go on from, or null for the start
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Page(int limit, long @Nullable [] after) {}

  /** Reads {@code limit} and {@code cursor}; null when a fault was added. */
  public @Nullable Page page(Fields query, String list, int numbers, List<Fault> faults) {
    String limit = query.get("limit");
    int wanted = USUAL;
    if (limit != null) {
      wanted = limit.matches("[0-9]{1,3}") ? Integer.parseInt(limit) : 0;
      if (wanted < 1 || wanted > MOST) {
        faults.add(new Fault("query/limit", "value", "limit is a number from 1 to " + MOST));
      }
    }
    String cursor = query.get("cursor");
    long[] after = cursor == null ? null : open(list, numbers, cursor);
    if (cursor != null && after == null) {
      faults.add(new Fault("query/cursor", "value", "not a cursor of this list with this filter"));
    }
    return faults.isEmpty() ? new Page(wanted, after) : null;
  }

  /** The text for a place in a list. */
  public String seal(String list, long... place) {
    byte[] bytes = bytes(place);
    ByteBuffer sealed = ByteBuffer.allocate(bytes.length + SEAL);
    sealed.put(bytes).put(seal(list, bytes));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.array());
  }

  private long @Nullable [] open(String list, int numbers, String text) {
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
    int length = numbers * Long.BYTES;
    if (sealed.length != length + SEAL) {
      return null;
    }
    byte[] bytes = Arrays.copyOf(sealed, length);
    byte[] found = Arrays.copyOfRange(sealed, length, sealed.length);
    if (!MessageDigest.isEqual(found, seal(list, bytes))) {
      return null;
    }
    long[] place = new long[numbers];
    ByteBuffer.wrap(bytes).asLongBuffer().get(place);
    return place;
  }

  private static byte[] bytes(long[] place) {
    ByteBuffer bytes = ByteBuffer.allocate(place.length * Long.BYTES);
    bytes.asLongBuffer().put(place);
    return bytes.array();
  }

  private byte[] seal(String list, byte[] place) {
    mac.update(place);
    return Arrays.copyOf(mac.doFinal(list.getBytes(StandardCharsets.UTF_8)), SEAL);
  }
}
