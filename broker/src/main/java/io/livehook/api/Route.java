package io.livehook.api;

import io.livehook.http.Exchange;
import io.livehook.security.Role;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which request goes where.
 *
 * @param template the path; a segment in braces stands for any that is not empty
 * @param roles who may; empty = anyone, without a key
 * @param everywhere only with a key of scope {@code *}
 * @param visitors also without a key, where the handler finds that what is asked for is open
 */
record Route(
    HttpMethod method,
    String template,
    String[] segments,
    Set<Role> roles,
    boolean everywhere,
    boolean visitors,
    Consumer<Exchange> handler) {
  static Route open(HttpMethod method, String template, Consumer<Exchange> handler) {
    return of(method, template, Set.of(), handler);
  }

  static Route of(HttpMethod method, String template, Set<Role> roles, Consumer<Exchange> handler) {
    return new Route(method, template, Router.segments(template), roles, false, false, handler);
  }

  /** Of a tenant's thing that may be open to anyone. */
  static Route visited(
      HttpMethod method, String template, Set<Role> roles, Consumer<Exchange> handler) {
    return new Route(method, template, Router.segments(template), roles, false, true, handler);
  }

  /** Of no tenant, but about them all. */
  static Route everywhere(
      HttpMethod method, String template, Set<Role> roles, Consumer<Exchange> handler) {
    return new Route(method, template, Router.segments(template), roles, true, false, handler);
  }

  /** The tenant stands in the path. */
  boolean ofTenant() {
    return segments[0].equals("{tenant}");
  }

  boolean matches(String[] path) {
    if (path.length != segments.length) {
      return false;
    }
    for (int i = 0; i < path.length; i++) {
      boolean any = segments[i].startsWith("{");
      if (any ? path[i].isEmpty() : !segments[i].equals(path[i])) {
        return false;
      }
    }
    return true;
  }
}
