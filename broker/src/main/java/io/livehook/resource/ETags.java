package io.livehook.resource;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Entity tags: always strong (DISC-8), compared as opaque text. Pure. */
public final class ETags {
  private static final int LONGEST = 512;
  private static final int DIGEST_BYTES = 18;

  private ETags() {}

  /** The origin's own if it is strong and well-formed, else one made from the body. */
  public static String of(@Nullable String given, byte[] body) {
    return given != null && strong(given) ? given : made(body);
  }

  static boolean strong(String tag) {
    int last = tag.length() - 1;
    if (last < 1 || last >= LONGEST || tag.charAt(0) != '"' || tag.charAt(last) != '"') {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char each = tag.charAt(i);
      if (each <= ' ' || each == '"' || each > '~') {
        return false;
      }
    }
    return true;
  }

  private static String made(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      byte[] start = java.util.Arrays.copyOf(digest, DIGEST_BYTES);
      return '"' + Base64.getUrlEncoder().encodeToString(start) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether a list of tags ({@code If-Match}, {@code If-None-Match}) has this one. */
  public static boolean listed(String list, @Nullable String tag) {
    if (list.trim().equals("*")) {
      return tag != null;
    }
    for (int start = list.indexOf('"'); tag != null && start >= 0; ) {
      int end = list.indexOf('"', start + 1);
      if (end < 0) {
        return false;
      }
      if (tag.length() == end + 1 - start && list.startsWith(tag, start)) {
        return true;
      }
      start = list.indexOf('"', end + 1);
    }
    return false;
  }
}
