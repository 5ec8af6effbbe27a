package io.livehook.subscription;

import io.livehook.http.Fault;
import io.livehook.http.Percent;
import io.livehook.lane.Mode;
import io.livehook.resource.ResourceName;
import io.livehook.resource.ResourceNames;
import io.livehook.security.Tenant;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How multiplex-callbacks names what is subscribed (SUB-8): our URL of a resource means its value,
 * its {@code /changes} or a {@code ?after=} link its changes; the origin's own URI means the value.
 * Pure.
 */
final class Hooks {
  private static final String CHANGES = "/changes";

  private Hooks() {}

  /** What a URI means; the name is missing when there are faults. */
  record Meant(@Nullable ResourceName name, @Nullable UUID alias, Mode mode, List<Fault> faults) {}

  static Meant read(
      ResourceNames names, String baseUrl, Tenant tenant, String pointer, String uri) {
    String home = baseUrl + '/' + tenant.slug();
    String absolute = resolved(home + "/hooks/", uri);
    String resources = home + "/resources/";
    if (absolute == null) {
      return faulty(new Fault(pointer, "malformed", "not a URI as RFC 3986 has it"));
    }
    if (!absolute.startsWith(resources)) {
      return meant(names.ofUri(pointer, tenant, uri), Mode.VALUE);
    }
    String key = absolute.substring(resources.length());
    Mode mode = Mode.VALUE;
    int after = key.indexOf("?after=");
    if (after >= 0) {
      key = key.substring(0, after);
      mode = Mode.CHANGES;
    } else if (key.endsWith(CHANGES)) {
      key = key.substring(0, key.length() - CHANGES.length());
      mode = Mode.CHANGES;
    }
    if (key.isEmpty() || key.indexOf('/') >= 0 || key.indexOf('?') >= 0) {
      return faulty(unknown());
    }
    return meant(names.ofKey(tenant, key), mode);
  }

  private static @Nullable String resolved(String base, String uri) {
    try {
      return URI.create(base).resolve(uri).toString();
    } catch (IllegalArgumentException malformed) {
      // The canonical URI of an origin may hold what RFC 3986 does not; a relative one may not.
      return uri.indexOf(':') > 0 ? uri : null;
    }
  }

  private static Meant meant(ResourceNames.Parsed parsed, Mode mode) {
    return switch (parsed) {
      case ResourceNames.Parsed.Named(ResourceName name) -> new Meant(name, null, mode, List.of());
      case ResourceNames.Parsed.Alias(UUID alias) -> new Meant(null, alias, mode, List.of());
      case ResourceNames.Parsed.Faulty(List<Fault> faults) ->
          new Meant(null, null, mode, new ArrayList<>(faults));
    };
  }

  private static Meant faulty(Fault fault) {
    return new Meant(null, null, Mode.VALUE, List.of(fault));
  }

  static Fault unknown() {
    return new Fault(Wish.URI, "unknown", "uri names no resource of this tenant");
  }

  /** Under the collection: the callback and our URL of what is subscribed, each as one segment. */
  static String id(ResourceName name, SubscriptionRow row) {
    String uri = row.changes() ? name.self() + CHANGES : name.self();
    return Percent.encode(row.callback()) + '/' + Percent.encode(uri);
  }
}
