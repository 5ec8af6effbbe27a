package io.livehook.delivery;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a stranger's URL points, taken apart once: nothing reaches the HTTP client that was not
 * built here. Path and query are sent byte for byte. Belongs to one event loop.
 */
public final class Target {
  final String host;
  final int port;
  final boolean tls;
  private final String path;

  /** The host when it is an address; {@code allowed} once the address guard has passed it. */
  final @Nullable InetAddress literal;

  boolean allowed;
  private @Nullable RequestOptions options;
  private @Nullable String pinned;

  private Target(String host, int port, boolean tls, String path) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.path = path;
    this.literal = literal(host);
  }

  /** Throws when {@link #faults} finds any. */
  public static Target parse(String url) {
    List<String> faults = faults(url);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    URI uri = URI.create(url);
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new Target(bare(uri.getHost()), port, tls, path + query);
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static @Nullable InetAddress literal(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  /** Scheme, host and port in lower case: the unit of limits. */
  public String origin() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + name.toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** Everything that is wrong with a URL, in words; empty when it can be a target. */
  public static List<String> faults(String url) {
    return TargetFaults.of(url);
  }

  /** Options for one request, connecting to the judged address; kept while it stays the same. */
  RequestOptions pinnedTo(String address) {
    RequestOptions kept = options;
    if (kept == null || !address.equals(pinned)) {
      kept =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setServer(SocketAddress.inetSocketAddress(port, address))
              .setHost(host)
              .setPort(port)
              .setSsl(tls)
              .setURI(path)
              .setFollowRedirects(false);
      options = kept;
      pinned = address;
    }
    return kept;
  }
}
