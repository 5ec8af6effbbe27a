package io.livehook.it.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.livehook.it.http.Message;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/**
 * Bodies of 1 KiB that all differ: JSON whose first member is a number, in 16 hexadecimal digits.
 */
public final class Bodies {
  public static final int SIZE = 1024;

  private static final String START = "{\"n\":\"";
  private static final byte[] TEMPLATE = template();
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(ISO_8859_1);

  private Bodies() {}

  public static void put(ByteBuffer out, long number) {
    int at = out.position() + START.length();
    out.put(TEMPLATE);
    for (int i = 0; i < 16; i++) {
      out.put(at + i, DIGITS[(int) (number >>> (60 - 4 * i)) & 15]);
    }
  }

  public static byte[] of(long number) {
    ByteBuffer body = ByteBuffer.allocate(SIZE);
    put(body, number);
    return body.array();
  }

  /** The number in a body; what isn't a digit counts as 0. */
  public static long number(Message message) {
    long number = 0;
    for (int i = 0; i < 16; i++) {
      number = number << 4 | Math.max(0, Character.digit(message.bodyByte(START.length() + i), 16));
    }
    return number;
  }

  /** The first eight bytes of the SHA-256. */
  public static long hash(byte[] body) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body)).getLong();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] template() {
    StringBuilder text = new StringBuilder(START).append("0".repeat(16)).append("\",\"pad\":\"");
    Random random = new Random(1);
    while (text.length() < SIZE - 2) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.append("\"}").toString().getBytes(ISO_8859_1);
  }
}
