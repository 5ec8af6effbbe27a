package io.livehook.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * Knows a delivery of our own that a receiver posts back to us (RCV-18): taken as an update it
 * would make deliveries, and they would come back again. Pure.
 */
public final class PostedBack {
  private final String own;

  public PostedBack(String baseUrl) {
    this.own = "<" + baseUrl + "/";
  }

  /** A delivery names itself and, in {@code Link}, the URL that we serve its resource under. */
  public boolean is(HttpServerRequest request) {
    if (request.getHeader("webhook-id") == null) {
      return false;
    }
    List<String> links = request.headers().getAll("link");
    return links.stream().anyMatch(link -> link.contains(own) && link.contains("rel=\"self\""));
  }
}
