package io.livehook.resource;

import io.livehook.http.Percent;
import io.livehook.platform.Ids;
import io.livehook.security.Tenant;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * A resource as requests name it, with all that follows from the name alone: its lane, its hash,
 * and the discovery links (DISC-9 to DISC-11). Immutable; made once and remembered.
 */
public final class ResourceName {
  private static final String D16B = "http://liveresource.org/protocol/";

  private final long tenant;
  private final String uri;
  private final int lane;
  private final byte[] hash;
  private final String self;
  private final String json;
  private final List<CharSequence> links;
  private final List<CharSequence> offered;
  private final List<CharSequence> ofCollections;

  ResourceName(String baseUrl, Tenant tenant, String uri, int lane) {
    this.tenant = tenant.id();
    this.uri = uri;
    this.lane = lane;
    this.hash = sha256(uri);
    this.self = baseUrl + '/' + tenant.slug() + "/resources/" + Percent.encode(uri);
    this.json = Json.encode(uri);
    CharSequence itself = link(self, "\"self\"");
    CharSequence canonical = link(target(uri), "\"canonical\"");
    CharSequence rel = link(subscriptions(), "value-callback");
    CharSequence relAsUri = link(subscriptions(), rel("callbacks"));
    String hooks = baseUrl + '/' + tenant.slug() + "/hooks/";
    CharSequence multiplex = link(hooks, rel("multiplex-callbacks"));
    this.links = List.of(itself, canonical, rel, relAsUri, multiplex);
    this.offered = List.of(rel, relAsUri, multiplex);
    this.ofCollections =
        List.of(
            link(changesSubscriptions(), "changes-callback"),
            link(changesSubscriptions(), rel("changes-callbacks")));
  }

  private static String rel(String name) {
    return '"' + D16B + name + '"';
  }

  /** One rel per link, D14 and D16a rels unquoted, all others quoted (DISC-10). */
  private static CharSequence link(String target, String rel) {
    return HttpHeaders.createOptimized('<' + target + ">; rel=" + rel);
  }

  /** In a Link a URI is ASCII and has neither comma nor semicolon (DISC-10, GAP-16). */
  private static String target(String uri) {
    StringBuilder target = new StringBuilder(uri.length());
    for (byte each : uri.getBytes(StandardCharsets.UTF_8)) {
      if (each <= ' ' || each == 0x7f || "<>\",;".indexOf(each) >= 0) {
        target.append('%').append("%02X".formatted(each));
      } else {
        target.append((char) each);
      }
    }
    return target.toString();
  }

  private static byte[] sha256(String uri) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(uri.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The tenant's number. */
  public long tenant() {
    return tenant;
  }

  public String uri() {
    return uri;
  }

  public int lane() {
    return lane;
  }

  /** SHA-256 of the URI, as the table has it. */
  public byte[] hash() {
    return hash.clone();
  }

  /** Our own absolute URL of it, with the canonical key. */
  public String self() {
    return self;
  }

  /** The value-callback collection. */
  public String subscriptions() {
    return self + "/subscriptions/";
  }

  /** The changes-callback collection, of a collection. */
  public String changesSubscriptions() {
    return self + "/changes-subscriptions/";
  }

  /** Where the changes after a checkpoint are (CH-1). */
  public String changes(long checkpoint) {
    return self + "?after=" + Ids.checkpoint(checkpoint);
  }

  /** The URI as a JSON string. */
  public String json() {
    return json;
  }

  /** The discovery links, each the value of one {@code Link} line. */
  public List<CharSequence> links() {
    return links;
  }

  /** Those of a collection that has no changes to fetch from anywhere: it was deleted. */
  public List<CharSequence> collectionLinks() {
    List<CharSequence> all = new ArrayList<>(links.size() + 4);
    all.addAll(links);
    all.addAll(ofCollections);
    return all;
  }

  /** Those of a collection that stands at a checkpoint. */
  public List<CharSequence> linksAt(long checkpoint) {
    List<CharSequence> all = collectionLinks();
    all.add('<' + changes(checkpoint) + ">; rel=changes");
    all.add('<' + changes(checkpoint) + ">; rel=" + rel("changes"));
    return all;
  }

  /** Those that say what is served, and hold on the answers of the origin of a collection too. */
  public List<CharSequence> offeredByCollections() {
    List<CharSequence> all = new ArrayList<>(offered);
    all.addAll(ofCollections);
    return all;
  }

  /** Those of them that say what is served, and hold on the origin's own answers too. */
  public List<CharSequence> offered() {
    return offered;
  }
}
