package io.livehook.http;

import io.livehook.platform.Ids;
import io.vertx.core.http.HttpServerRequest;

/** Names each request, so that its answer, its audit rows and its log lines are found together. */
public final class RequestIds {
  private static final int LONGEST = 64;

  private long number;

  /** One per event loop; {@code first} is chosen by chance, so that no two name alike. */
  public RequestIds(long first) {
    this.number = first;
  }

  /** The caller's own ({@code X-Request-Id}, else {@code Request-Id}), if plain, else a new one. */
  public String of(HttpServerRequest request) {
    String given = request.getHeader("x-request-id");
    String id = given == null ? request.getHeader("request-id") : given;
    return id != null && plain(id) ? id : next();
  }

  String next() {
    return "req_" + Ids.message(number++ & Long.MAX_VALUE).substring(4);
  }

  private static boolean plain(String id) {
    if (id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char each = id.charAt(i);
      boolean word = Character.isLetterOrDigit(each) && each < 0x80;
      if (!word && "-_.:".indexOf(each) < 0) {
        return false;
      }
    }
    return true;
  }
}
