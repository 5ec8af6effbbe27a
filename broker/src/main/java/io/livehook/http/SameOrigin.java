package io.livehook.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The defence against requests that a foreign page makes a browser send (ADM-8): what changes
 * something and comes with a cookie must come from our own pages. Keys are sent on purpose and need
 * no such proof; a cookie is sent by itself. Pure.
 */
public final class SameOrigin {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final String own;

  public SameOrigin(String baseUrl) {
    URI url = URI.create(baseUrl);
    this.own = url.getScheme() + "://" + url.getRawAuthority();
  }

  public boolean allows(HttpServerRequest request) {
    if (SAFE.contains(request.method()) || request.getHeader(HttpHeaders.COOKIE) == null) {
      return true;
    }
    return ours(request.getHeader("sec-fetch-site"), request.getHeader(HttpHeaders.ORIGIN));
  }

  /** A browser that tells neither is too old to be trusted with a cookie. */
  private boolean ours(@Nullable String site, @Nullable String origin) {
    if (site != null && !site.equals("same-origin")) {
      return false;
    }
    return origin == null ? site != null : origin.equals(own);
  }
}
