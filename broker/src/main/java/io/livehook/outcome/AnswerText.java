package io.livehook.outcome;

/**
 * A receiver's answer in readable form: text in UTF-8 as it is, but every byte that is not valid
 * UTF-8 and every character that is not meant to be seen (NUL, controls, direction marks, zero
 * widths) escaped, and cut. Never throws, whatever the bytes. Pure.
 */
public final class AnswerText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private AnswerText() {}

  /** At most {@code most} bytes of it; escapes are {@code \xNN} for bytes, {@code \\u{N}} else. */
  public static String escape(byte[] bytes, int most) {
    int length = Math.min(bytes.length, most);
    StringBuilder text = new StringBuilder(length + 16);
    for (int at = 0; at < length; ) {
      int size = sequence(bytes, at, length);
      if (size == 0) {
        appendByte(text, bytes[at]);
        at++;
      } else {
        appendCharacter(text, codePoint(bytes, at, size));
        at += size;
      }
    }
    return bytes.length > most ? text.append("… (cut)").toString() : text.toString();
  }

  /** The length of the well-formed UTF-8 sequence that starts here, or 0 (Unicode, table 3-7). */
  private static int sequence(byte[] bytes, int at, int length) {
    int first = bytes[at] & 0xff;
    int size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first > 0xf4 || at + size > length) {
      return 0;
    }
    for (int i = 1; i < size; i++) {
      int next = bytes[at + i] & 0xff;
      int lowest = i > 1 ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
      int highest = i > 1 ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
      if (next < lowest || next > highest) {
        return 0;
      }
    }
    return size;
  }

  private static int codePoint(byte[] bytes, int at, int size) {
    int value = size == 1 ? bytes[at] : bytes[at] & (0x7f >> size);
    for (int i = 1; i < size; i++) {
      value = value << 6 | (bytes[at + i] & 0x3f);
    }
    return value;
  }

  private static void appendByte(StringBuilder text, byte each) {
    text.append("\\x").append(HEX[each >> 4 & 15]).append(HEX[each & 15]);
  }

  private static void appendCharacter(StringBuilder text, int each) {
    if (each == '\\') {
      text.append("\\\\");
    } else if (each == '\n' || each == '\t' || isVisible(each)) {
      text.appendCodePoint(each);
    } else if (each < 0x80) {
      appendByte(text, (byte) each);
    } else {
      text.append("\\u{").append(Integer.toHexString(each)).append('}');
    }
  }

  private static boolean isVisible(int each) {
    return switch (Character.getType(each)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
