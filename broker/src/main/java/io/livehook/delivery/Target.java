package io.livehook.delivery;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a stranger's URL points, taken apart once: nothing reaches the HTTP client that was not
 * built here. Path and query are sent byte for byte. Belongs to one event loop.
 */
public final class Target {
  private static final int LONGEST = 8_192;

  final String host;
  final int port;
  final boolean tls;
  private final String path;
  private @Nullable RequestOptions options;
  private @Nullable String pinned;

  private Target(String host, int port, boolean tls, String path) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.path = path;
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

  /** Scheme, host and port in lower case: the unit of limits. */
  public String origin() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + name.toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** Everything that is wrong with a URL, in words; empty when it can be a target. */
  public static List<String> faults(String url) {
    List<String> faults = new ArrayList<>();
    if (url.isEmpty()) {
      return List.of("is empty; give an absolute http or https URL");
    }
    if (url.length() > LONGEST) {
      faults.add("is longer than 8,192 characters");
    }
    if (url.chars().anyMatch(each -> each <= ' ' || each >= 0x7f)) {
      faults.add("holds characters other than printable ASCII; percent-encode them");
      return faults;
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException broken) {
      faults.add("is not a URL: " + broken.getReason());
      return faults;
    }
    String scheme = uri.getScheme();
    if (scheme == null) {
      faults.add("is relative; give an absolute http or https URL");
      return faults;
    }
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      faults.add("has the scheme '" + scheme + "'; only http and https are delivered to");
    }
    authorityFaults(uri, faults);
    if (uri.getRawFragment() != null) {
      faults.add("has a fragment; remove everything from '#' on");
    }
    return faults;
  }

  private static void authorityFaults(URI uri, List<String> faults) {
    String authority = uri.getRawAuthority();
    if (authority == null) {
      faults.add("has no host");
      return;
    }
    if (authority.indexOf('@') >= 0) {
      faults.add("holds user information; remove everything before '@'");
      return;
    }
    if (uri.getHost() == null) {
      faults.add("has no valid host and port");
    } else if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      faults.add("has a port outside 1-65535");
    }
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
