package io.livehook.api;

import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fields;
import io.livehook.http.Percent;
import io.livehook.security.AccountRows.Placed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The form of every list in the JSON API. */
final class Pages {
  private Pages() {}

  /**
   * Answers with the first of what was found, up to a limit; what is found beyond it says that
   * there is more.
   *
   * @param list names the list in its cursors
   * @param place where the list goes on behind an element
   */
  static <T> void answer(
      Exchange exchange,
      Iterable<T> found,
      int limit,
      Function<T, JsonObject> json,
      Cursors cursors,
      String list,
      Function<T, long[]> place) {
    JsonArray data = new JsonArray();
    T last = null;
    for (T each : found) {
      if (data.size() == limit) {
        answer(exchange, data, cursors.seal(list, place.apply(Objects.requireNonNull(last))));
        return;
      }
      data.add(json.apply(each));
      last = each;
    }
    answer(exchange, data, null);
  }

  /** The same for rows that say their place themselves. */
  static <T> void answer(
      Exchange exchange,
      List<Placed<T>> found,
      int limit,
      Function<T, JsonObject> json,
      Cursors cursors,
      String list) {
    answer(
        exchange,
        found,
        limit,
        each -> json.apply(each.row()),
        cursors,
        list,
        each -> new long[] {each.place()});
  }

  static void answer(Exchange exchange, JsonArray data, @Nullable String nextCursor) {
    if (nextCursor != null) {
      exchange.links(List.of("<" + url(exchange, nextCursor) + ">; rel=\"next\""));
    }
    exchange.json(
        200,
        new JsonObject()
            .put("data", data)
            .put("next_cursor", nextCursor)
            .put("has_more", nextCursor != null));
  }

  /** The same list, from the cursor on. */
  private static String url(Exchange exchange, String cursor) {
    Fields query = exchange.query();
    StringBuilder url = new StringBuilder(exchange.baseUrl()).append(exchange.request().path());
    url.append("?cursor=").append(cursor);
    for (String name : query.names()) {
      if (!name.equals("cursor")) {
        url.append('&').append(name).append('=').append(Percent.encode("" + query.get(name)));
      }
    }
    return url.toString();
  }
}
