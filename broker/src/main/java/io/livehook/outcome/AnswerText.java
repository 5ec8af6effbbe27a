package io.livehook.outcome;

/**
 * A receiver's answer in readable form: printable ASCII as it is, every other byte as {@code \xNN},
 * cut. Never throws, whatever the bytes.
 */
public final class AnswerText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private AnswerText() {}

  public static String escape(byte[] bytes, int most) {
    StringBuilder text = new StringBuilder(Math.min(bytes.length, most) + 16);
    int length = Math.min(bytes.length, most);
    for (int i = 0; i < length; i++) {
      int each = bytes[i] & 0xff;
      if (each == '\n' || each == '\t' || (each >= ' ' && each < 0x7f && each != '\\')) {
        text.append((char) each);
      } else {
        text.append("\\x").append(HEX[each >> 4]).append(HEX[each & 15]);
      }
    }
    return bytes.length > most ? text.append("… (cut)").toString() : text.toString();
  }
}
