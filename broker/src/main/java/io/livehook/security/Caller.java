package io.livehook.security;

import io.livehook.platform.Ids;
import java.util.UUID;

/**
 * Who holds the key of a request.
 *
 * @param label the consumer that the key is for: it subscribes under this label
 * @param everywhere the key is of scope {@code *}: it may act in any tenant
 */
public record Caller(UUID key, Role role, String label, Tenant tenant, boolean everywhere) {
  /** As the audit names it. */
  public String name() {
    return Ids.text(Ids.Kind.KEY, key);
  }
}
