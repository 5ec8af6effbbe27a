package io.livehook.resource;

import io.livehook.http.Fault;
import io.livehook.http.Percent;
import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Remembered;
import io.livehook.platform.Statements;
import io.livehook.security.Tenant;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns the key of a URL, or a URI, into a {@link ResourceName}; remembers those in use. One per
 * event loop.
 */
public final class ResourceNames {
  private static final String URI_OF_ALIAS = Statements.load(ResourceNames.class, "uri_of_alias");
  private static final int REMEMBERED_CHARACTERS = 4 << 20;

  private final String baseUrl;
  private final LaneChooser lanes;
  private final ReadPool database;
  private final Remembered<Given, ResourceName> names = new Remembered<>(REMEMBERED_CHARACTERS);

  /** Which lane a resource is in. */
  public interface LaneChooser {
    /** False while the number of lanes is not known: what is chosen must not be remembered. */
    boolean known();

    int lane(UUID tenant, String uri);
  }

  private record Given(long tenant, boolean encoded, String text) {}

  /** What came of a key: a name, or faults. */
  public sealed interface Parsed {
    record Named(ResourceName name) implements Parsed {}

    record Faulty(List<Fault> faults) implements Parsed {}

    /** An alias; {@link ResourceNames#ofAlias} knows more. */
    record Alias(UUID id) implements Parsed {}
  }

  public ResourceNames(String baseUrl, LaneChooser lanes, ReadPool database) {
    this.baseUrl = baseUrl;
    this.lanes = lanes;
    this.database = database;
  }

  /** Reads the key of a URL: the URI percent-encoded as one segment, or {@code res_…}. */
  public Parsed ofKey(Tenant tenant, String key) {
    Given given = new Given(tenant.id(), true, key);
    ResourceName name = names.get(given);
    if (name != null) {
      return new Parsed.Named(name);
    }
    Optional<UUID> alias = Ids.parse(Ids.Kind.RESOURCE, key);
    if (alias.isPresent()) {
      return new Parsed.Alias(alias.get());
    }
    String uri = Percent.decode(key);
    return uri == null
        ? new Parsed.Faulty(
            List.of(
                new Fault("path/key", "malformed", "not percent-encoded UTF-8: write % as %25")))
        : parsed("path/key", given, tenant, uri);
  }

  /** Reads a URI as it stands in a body. */
  public Parsed ofUri(String pointer, Tenant tenant, String uri) {
    Given given = new Given(tenant.id(), false, uri);
    ResourceName name = names.get(given);
    return name == null ? parsed(pointer, given, tenant, uri) : new Parsed.Named(name);
  }

  private Parsed parsed(String pointer, Given given, Tenant tenant, String uri) {
    List<Fault> faults = ResourceUri.faults(pointer, uri);
    if (!faults.isEmpty()) {
      return new Parsed.Faulty(faults);
    }
    ResourceName name = new ResourceName(baseUrl, tenant, uri, lanes.lane(tenant.publicId(), uri));
    if (lanes.known()) {
      names.put(given, name, 500 + 8 * uri.length());
    }
    return new Parsed.Named(name);
  }

  /** The name behind an alias; empty when the tenant has no such resource. */
  public Future<Optional<ResourceName>> ofAlias(Tenant tenant, UUID alias) {
    Given given = new Given(tenant.id(), true, Ids.text(Ids.Kind.RESOURCE, alias));
    ResourceName known = names.get(given);
    if (known != null) {
      return Future.succeededFuture(Optional.of(known));
    }
    return database
        .query(tenant.id(), URI_OF_ALIAS, Tuple.of(tenant.id(), alias))
        .map(
            rows ->
                rows.iterator().hasNext()
                    ? parsed("path/key", given, tenant, rows.iterator().next().getString("uri"))
                    : null)
        .map(
            parsed ->
                parsed instanceof Parsed.Named named
                    ? Optional.of(named.name())
                    : Optional.empty());
  }
}
