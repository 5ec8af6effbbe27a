package io.livehook.security;

import io.livehook.platform.Base32;
import io.livehook.platform.Ids;
import io.livehook.platform.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a caller sends after {@code Bearer}. Immutable; prints without its secret.
 *
 * <pre>
 * lh_live_ 26 characters of id, 52 of secret (256 bits), 7 of checksum
 * </pre>
 *
 * The checksum lets a scanner tell a leaked key from chance, and lets us refuse a mistyped one
 * without asking the database. Only {@link #hash} is stored.
 */
public final class ApiKey {
  private static final int ID_CHARACTERS = 26;
  private static final int SECRET_BYTES = 32;
  private static final int SECRET_CHARACTERS = 52;
  private static final int CHECKSUM_CHARACTERS = 7;
  private static final String ALGORITHM = "HmacSHA256";

  /** Tells keys of a try-out from keys of a real installation. */
  public enum Environment {
    DEV("lh_dev_"),
    LIVE("lh_live_");

    private final String prefix;

    Environment(String prefix) {
      this.prefix = prefix;
    }
  }

  private final Environment environment;
  private final UUID id;
  private final String text;

  private ApiKey(Environment environment, UUID id, String text) {
    this.environment = environment;
    this.id = id;
    this.text = text;
  }

  public static ApiKey generate(Environment environment, UUID id, SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String named = environment.prefix + encode(id) + Base32.encode(secret);
    return new ApiKey(environment, id, named + checksum(named));
  }

  /** Reads a key; nothing if its form or its checksum is wrong. */
  public static Optional<ApiKey> parse(String text) {
    for (Environment environment : Environment.values()) {
      if (text.startsWith(environment.prefix)) {
        return parse(environment, text);
      }
    }
    return Optional.empty();
  }

  /** What is stored and looked up. Not a password hash: the secret has 256 bits of chance. */
  public byte[] hash(Secret pepper) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(pepper.bytes(), ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public UUID id() {
    return id;
  }

  public Environment environment() {
    return environment;
  }

  /** The whole key: to be shown once, to the one who asked for it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return Ids.text(Ids.Kind.KEY, id);
  }

  private static Optional<ApiKey> parse(Environment environment, String text) {
    int start = environment.prefix.length();
    int end = start + ID_CHARACTERS + SECRET_CHARACTERS;
    if (text.length() != end + CHECKSUM_CHARACTERS
        || !text.substring(end).equals(checksum(text.substring(0, end)))) {
      return Optional.empty();
    }
    String secret = text.substring(start + ID_CHARACTERS, end);
    return Base32.decode(secret, SECRET_BYTES)
        .flatMap(valid -> Base32.decode(text.substring(start, start + ID_CHARACTERS), 16))
        .map(ByteBuffer::wrap)
        .map(bytes -> new ApiKey(environment, new UUID(bytes.getLong(), bytes.getLong()), text));
  }

  private static String encode(UUID id) {
    return Ids.text(Ids.Kind.KEY, id).substring("key_".length());
  }

  private static String checksum(String text) {
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return Base32.encode(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }
}
