package io.livehook.delivery;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardedUrl;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a callback's URL points, judged once: nothing reaches the HTTP client that the guard has
 * not built. A URL that the guard refuses, as one stored under other rules may be, is a target too:
 * every attempt ends blocked. Belongs to one event loop.
 */
public final class Target {
  private final @Nullable GuardedUrl url;
  private @Nullable RequestOptions options;
  private @Nullable String pinned;

  private Target(@Nullable GuardedUrl url) {
    this.url = url;
  }

  public static Target of(Guard guard, String url) {
    return new Target(guard.check(url) instanceof Guard.Passed(GuardedUrl passed) ? passed : null);
  }

  boolean refused() {
    return url == null;
  }

  GuardedUrl url() {
    return Objects.requireNonNull(url, "refused");
  }

  /** Options for one request, connecting to the judged address; kept while it stays the same. */
  RequestOptions pinnedTo(String address) {
    RequestOptions kept = options;
    if (kept == null || !address.equals(pinned)) {
      GuardedUrl to = url();
      kept =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setServer(SocketAddress.inetSocketAddress(to.port(), address))
              .setHost(to.host())
              .setPort(to.port())
              .setSsl(to.tls())
              .setURI(to.path())
              .setFollowRedirects(false);
      options = kept;
      pinned = address;
    }
    return kept;
  }
}
