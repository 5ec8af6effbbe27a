package io.livehook.delivery;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardedUrl;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
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
  private final @Nullable ProxyOptions proxy;
  private @Nullable RequestOptions options;
  private @Nullable String pinned;

  private Target(@Nullable GuardedUrl url, @Nullable ProxyOptions proxy) {
    this.url = url;
    this.proxy = proxy;
  }

  /**
   * @param proxy that lies between, if there is one
   */
  static Target of(Guard guard, String url, @Nullable ProxyOptions proxy) {
    return new Target(
        guard.check(url) instanceof Guard.Passed(GuardedUrl passed) ? passed : null, proxy);
  }

  boolean refused() {
    return url == null;
  }

  GuardedUrl url() {
    return Objects.requireNonNull(url, "refused");
  }

  boolean proxied() {
    return proxy != null;
  }

  /** Options for one request, connecting to the judged address; kept while it stays the same. */
  RequestOptions pinnedTo(String address) {
    RequestOptions kept = options;
    if (kept == null || !address.equals(pinned)) {
      kept = route(url(), address);
      options = kept;
      pinned = address;
    }
    return kept;
  }

  private RequestOptions route(GuardedUrl to, String address) {
    RequestOptions made =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(to.host())
            .setPort(to.port())
            .setSsl(to.tls())
            .setFollowRedirects(false);
    if (proxy != null && proxy.getType() == ProxyType.HTTP && !to.tls()) {
      // Vert.x would name the host to the proxy, which could find another address for it.
      String place = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
      return made.setServer(SocketAddress.inetSocketAddress(proxy.getPort(), proxy.getHost()))
          .setURI("http://" + place + ":" + to.port() + to.path());
    }
    return made.setProxyOptions(proxy)
        .setServer(SocketAddress.inetSocketAddress(to.port(), address))
        .setURI(to.path());
  }
}
