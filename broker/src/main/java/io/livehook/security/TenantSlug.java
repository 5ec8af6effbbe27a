package io.livehook.security;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The rule for a tenant's name in URLs. Pure. */
public final class TenantSlug {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9-]{1,40}");

  /** First segments of our own URLs. */
  private static final Set<String> RESERVED =
      Set.of("api", "ui", "metrics", "healthz", "readyz", "openapi", "docs", "static", "hub", "in");

  private TenantSlug() {}

  /** What is wrong with it, if anything. */
  public static Optional<String> fault(String slug) {
    if (!SHAPE.matcher(slug).matches()) {
      return Optional.of("a tenant is 1 to 40 characters of a-z, 0-9 and -");
    }
    return RESERVED.contains(slug) ? Optional.of("'" + slug + "' is reserved") : Optional.empty();
  }
}
