package io.livehook.guard;

import org.jspecify.annotations.Nullable;

/**
 * A URL that the guard has taken apart and passed. Only its parts are ever used, never the text it
 * came from; scheme and host are in lower case, path and query as they were given. Immutable.
 *
 * @param host a name without a dot at its end, a dotted quad, or an IPv6 address without brackets
 * @param literal the host when it is an address
 * @param path with the query, never empty
 */
public record GuardedUrl(
    boolean tls, String host, int port, String path, @Nullable IpAddress literal) {

  /** Scheme, host and port: the unit of limits. */
  public String origin() {
    return scheme() + "://" + bracketed() + ":" + port;
  }

  private String scheme() {
    return tls ? "https" : "http";
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** The URL again; the scheme's own port is left out. */
  @Override
  public String toString() {
    boolean usual = port == (tls ? 443 : 80);
    return scheme() + "://" + bracketed() + (usual ? "" : ":" + port) + path;
  }
}
