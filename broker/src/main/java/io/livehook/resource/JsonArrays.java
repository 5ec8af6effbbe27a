package io.livehook.resource;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Changes that are JSON arrays may be joined into one (CH-6); nothing else ever is. Pure. */
public final class JsonArrays {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonArrays() {}

  /** Whether a media type says JSON, and no coding hides it. */
  public static boolean isJson(@Nullable String type, @Nullable String headers) {
    if (type == null || (headers != null && headers.contains("\"Content-Encoding\""))) {
      return false;
    }
    int end = type.indexOf(';');
    String name = (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    return name.equals("application/json") || name.endsWith("+json");
  }

  /** Whether these bytes are one well-formed array, in UTF-8, and nothing else. */
  public static boolean isArray(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      if (first(body) != '[' || parser.nextToken() != JsonToken.START_ARRAY) {
        return false;
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null;
    } catch (IOException malformed) {
      return false;
    }
  }

  /** Another encoding than UTF-8 would begin with a mark or a zero. */
  private static int first(byte[] body) {
    for (byte each : body) {
      if (!blank(each)) {
        return each;
      }
    }
    return 0;
  }

  private static boolean blank(byte each) {
    return each == ' ' || each == '\n' || each == '\r' || each == '\t';
  }

  /** One array with the elements of all, in order, their bytes as they are. */
  public static byte[] join(List<byte[]> arrays) {
    int most = 2;
    for (byte[] each : arrays) {
      most += each.length;
    }
    byte[] joined = new byte[most];
    joined[0] = '[';
    int at = 1;
    for (byte[] each : arrays) {
      int from = 0;
      int to = each.length;
      while (blank(each[from])) {
        from++;
      }
      while (blank(each[to - 1])) {
        to--;
      }
      from++;
      to--;
      while (from < to && blank(each[from])) {
        from++;
      }
      if (from == to) {
        continue;
      }
      if (at > 1) {
        joined[at++] = ',';
      }
      System.arraycopy(each, from, joined, at, to - from);
      at += to - from;
    }
    joined[at++] = ']';
    return java.util.Arrays.copyOf(joined, at);
  }
}
