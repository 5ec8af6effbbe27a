package io.livehook.platform;

import com.github.f4b6a3.uuid.UuidCreator;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Public ids: a prefix and lower-case base32. Any thread; holds no state of its own.
 *
 * <p>Configuration has a UUIDv7 behind it ({@code sub_01h455vb4pex5vsknk084sn02q}), an update its
 * number in the log ({@code msg_0000000000001}), so that both sort like time.
 */
public final class Ids {
  private static final String MESSAGE = "msg_";
  private static final String CHECKPOINT = "chk_";
  private static final int DIGITS = 13;
  private final Supplier<UUID> source;

  /** Takes its numbers from the given source; see {@link #ofThisHost}. */
  public Ids(Supplier<UUID> source) {
    this.source = source;
  }

  /** Ids from the clock and the secure random generator of this host. */
  public static Ids ofThisHost() {
    return new Ids(UuidCreator::getTimeOrderedEpoch);
  }

  /** A new UUIDv7. */
  public UUID next() {
    return source.get();
  }

  /** What an id is of. */
  public enum Kind {
    RESOURCE("res_"),
    SUBSCRIPTION("sub_"),
    TENANT("ten_"),
    KEY("key_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  public static String text(Kind kind, UUID id) {
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return kind.prefix + Base32.encode(bytes);
  }

  /** Reads what {@link #text} wrote; anything else, however similar, is nothing. */
  public static Optional<UUID> parse(Kind kind, String text) {
    if (!text.startsWith(kind.prefix)) {
      return Optional.empty();
    }
    return Base32.decode(text.substring(kind.prefix.length()), 16)
        .map(ByteBuffer::wrap)
        .map(bytes -> new UUID(bytes.getLong(), bytes.getLong()));
  }

  /** The public id of an update, from its number in the log. */
  public static String message(long updateId) {
    return text(MESSAGE, updateId);
  }

  /** Reads what {@link #message} wrote. */
  public static OptionalLong parseMessage(String text) {
    return parse(MESSAGE, text);
  }

  /** The checkpoint in a collection's chain that an update is (GAP-17); 0 = before the first. */
  public static String checkpoint(long updateId) {
    return text(CHECKPOINT, updateId);
  }

  /** Reads what {@link #checkpoint} wrote. */
  public static OptionalLong parseCheckpoint(String text) {
    return parse(CHECKPOINT, text);
  }

  private static String text(String prefix, long updateId) {
    if (updateId < 0) {
      throw new IllegalArgumentException("negative update id " + updateId);
    }
    char[] text = new char[prefix.length() + DIGITS];
    prefix.getChars(0, prefix.length(), text, 0);
    long rest = updateId;
    for (int at = text.length - 1; at >= prefix.length(); at--) {
      text[at] = Base32.digit(rest);
      rest >>>= 5;
    }
    return new String(text);
  }

  private static OptionalLong parse(String prefix, String text) {
    int length = prefix.length() + DIGITS;
    if (text.length() != length || !text.startsWith(prefix)) {
      return OptionalLong.empty();
    }
    if (Base32.value(text.charAt(prefix.length())) > 7) {
      return OptionalLong.empty();
    }
    long id = 0;
    for (int at = prefix.length(); at < length; at++) {
      int value = Base32.value(text.charAt(at));
      if (value < 0) {
        return OptionalLong.empty();
      }
      id = id << 5 | value;
    }
    return OptionalLong.of(id);
  }
}
