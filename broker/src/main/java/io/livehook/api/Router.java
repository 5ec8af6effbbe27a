package io.livehook.api;

import io.livehook.http.Exchange;
import io.livehook.http.Patience;
import io.livehook.http.PostedBack;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.http.RequestIds;
import io.livehook.http.SameOrigin;
import io.livehook.http.StandingFields;
import io.livehook.security.Caller;
import io.livehook.security.Callers;
import io.livehook.security.Role;
import io.livehook.security.Tenant;
import io.livehook.security.TenantSlug;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request, lets in who may, and hands over. A path is cut at its slashes
 * before anything is decoded, so an encoded slash never splits a segment. One per event loop.
 */
final class Router {
  private static final String BEARER = "Bearer ";
  private static final String UI = "ui";
  private static final CharSequence ALLOW_ORIGIN =
      HttpHeaders.createOptimized("access-control-allow-origin");
  private static final String EXPOSED =
      "ETag, Link, LiveResource-Property, X-Poll-Interval, Changes-Id, Previous-Changes-Id,"
          + " Previous-ETag, Location, Livehook-Update, X-Request-Id, Retry-After";
  private static final String ALLOWED =
      "If-None-Match, If-Match, Wait, Prefer, Uri, Last-Event-ID, Content-Type, Authorization,"
          + " Idempotency-Key, Content-Digest, X-Request-Id";

  private final String baseUrl;
  private final Callers callers;
  private final Patience patience;
  private final List<List<Route>> byLength = new ArrayList<>();
  private final RequestIds ids;
  private final StandingFields standing;
  private final SameOrigin sameOrigin;
  private final PostedBack postedBack;

  Router(String baseUrl, Callers callers, Patience patience, RequestIds ids, List<Route> routes) {
    this.baseUrl = baseUrl;
    this.callers = callers;
    this.patience = patience;
    this.ids = ids;
    this.standing = new StandingFields(baseUrl);
    this.sameOrigin = new SameOrigin(baseUrl);
    this.postedBack = new PostedBack(baseUrl);
    for (Route route : routes) {
      while (byLength.size() <= route.segments().length) {
        byLength.add(new ArrayList<>());
      }
      byLength.get(route.segments().length).add(route);
    }
  }

  /** {@code /a/b/} is a, b and an empty one. */
  static String[] segments(String path) {
    if (!path.startsWith("/")) {
      return new String[] {path};
    }
    int count = 0;
    for (int i = 0; i < path.length(); i++) {
      count += path.charAt(i) == '/' ? 1 : 0;
    }
    String[] segments = new String[count];
    int start = 1;
    for (int i = 0; i < count; i++) {
      int end = i == count - 1 ? path.length() : path.indexOf('/', start);
      segments[i] = path.substring(start, end);
      start = end + 1;
    }
    return segments;
  }

  void handle(HttpServerRequest request) {
    String[] path = segments(String.valueOf(request.path()));
    Exchange exchange = new Exchange(request, patience, baseUrl, ids.of(request), path);
    standing.each(path[0].equals(UI), request.response()::putHeader);
    if (request.getHeader(HttpHeaders.ORIGIN) != null) {
      allowOrigin(exchange);
    }
    try {
      if (!sameOrigin.allows(request)) {
        exchange.problem(Problem.of(ProblemKind.CROSS_SITE, "It comes from another site."));
      } else if (postedBack.is(request)) {
        exchange.problem(Problem.of(ProblemKind.LOOP, "This broker has sent it itself."));
      } else {
        route(exchange, path);
      }
    } catch (RuntimeException defect) {
      exchange.fail(defect);
    }
  }

  /** DISC-12: a bearer token, not a cookie, is what lets in; so any web origin may ask. */
  private static void allowOrigin(Exchange exchange) {
    exchange.put(ALLOW_ORIGIN, "*");
    exchange.put("access-control-expose-headers", EXPOSED);
  }

  private void route(Exchange exchange, String[] path) {
    List<Route> candidates = path.length < byLength.size() ? byLength.get(path.length) : List.of();
    HttpMethod method = exchange.request().method();
    for (Route route : candidates) {
      if (route.method().equals(method) && route.matches(path)) {
        admit(exchange, route);
        return;
      }
    }
    noRoute(exchange, candidates.stream().filter(route -> route.matches(path)).toList());
  }

  private static void noRoute(Exchange exchange, List<Route> others) {
    if (others.isEmpty()) {
      exchange.problem(Problem.of(ProblemKind.NOT_FOUND, "There is nothing at this URL."));
      return;
    }
    TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
    others.forEach(route -> methods.add(route.method().name()));
    String allow = String.join(", ", methods);
    exchange.put(HttpHeaders.ALLOW, allow);
    if (exchange.is(HttpMethod.OPTIONS)) {
      exchange.put("access-control-allow-methods", allow);
      exchange.put("access-control-allow-headers", ALLOWED);
      exchange.put("access-control-max-age", "600");
      exchange.end(204, null);
    } else {
      exchange.problem(Problem.of(ProblemKind.METHOD_NOT_ALLOWED, "Allowed are " + allow + "."));
    }
  }

  // --- who may ---

  private void admit(Exchange exchange, Route route) {
    if (route.roles().isEmpty()) {
      route.handler().accept(exchange);
      return;
    }
    String token = bearer(exchange.header(HttpHeaders.AUTHORIZATION));
    if (token == null) {
      visit(exchange, route);
      return;
    }
    Future<Optional<Caller>> asked = callers.caller(token);
    goOn(exchange, asked, caller -> admit(exchange, route, caller));
  }

  /** Nobody says who it is: the handler lets in where that does not matter (GAP-1). */
  private void visit(Exchange exchange, Route route) {
    if (!route.visitors()) {
      exchange.problem(Problem.keyless());
      return;
    }
    goOn(
        exchange,
        callers.tenant(exchange.segment(0)),
        tenant ->
            tenant.ifPresentOrElse(
                found -> {
                  exchange.visits(found);
                  route.handler().accept(exchange);
                },
                () -> exchange.problem(Problem.keyless())));
  }

  private static @Nullable String bearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).trim()
        : null;
  }

  private static Problem unauthorized(String detail) {
    return Problem.of(ProblemKind.UNAUTHORIZED, detail);
  }

  private interface Then<T> {
    void accept(T known);
  }

  /** At once when known; else the body waits meanwhile. */
  private static <T> void goOn(Exchange exchange, Future<T> asked, Then<T> then) {
    if (asked.succeeded()) {
      then.accept(asked.result());
      return;
    }
    exchange.pause();
    exchange.failing(
        asked.onSuccess(
            known -> {
              try {
                if (!exchange.over()) {
                  then.accept(known);
                }
              } catch (RuntimeException defect) {
                exchange.fail(defect);
              }
            }));
  }

  private void admit(Exchange exchange, Route route, Optional<Caller> known) {
    if (known.isEmpty()) {
      exchange.problem(unauthorized("This API key is unknown, expired or revoked."));
      return;
    }
    Caller caller = known.get();
    String slug = slug(exchange, route, caller);
    if (slug.equals(caller.tenant().slug())) {
      enter(exchange, route, caller, caller.tenant());
    } else if (caller.everywhere() && TenantSlug.fault(slug).isEmpty()) {
      goOn(
          exchange,
          callers.tenant(slug),
          tenant ->
              tenant.ifPresentOrElse(
                  found -> enter(exchange, route, caller, found), () -> foreign(exchange)));
    } else {
      foreign(exchange);
    }
  }

  private static String slug(Exchange exchange, Route route, Caller caller) {
    if (route.ofTenant()) {
      return exchange.segment(0);
    }
    boolean silent = route.everywhere() || exchange.request().query() == null;
    String asked = silent ? null : exchange.query().get("tenant");
    return asked == null ? caller.tenant().slug() : asked;
  }

  /** Another tenant's things do not exist. */
  private static void foreign(Exchange exchange) {
    exchange.problem(Problem.of(ProblemKind.NOT_FOUND, "There is nothing at this URL."));
  }

  private static void enter(Exchange exchange, Route route, Caller caller, Tenant tenant) {
    if (!route.roles().contains(caller.role())) {
      String roles = route.roles().stream().map(Role::label).sorted().toList().toString();
      exchange.problem(
          Problem.of(
              ProblemKind.FORBIDDEN,
              "The key has the role "
                  + caller.role().label()
                  + "; it takes one of "
                  + roles
                  + "."));
      return;
    }
    if (route.everywhere() && !caller.everywhere()) {
      exchange.problem(Problem.of(ProblemKind.FORBIDDEN, "It takes a key of scope *."));
      return;
    }
    exchange.authenticated(caller, tenant);
    route.handler().accept(exchange);
  }
}
