package io.livehook.resource;

import io.livehook.http.Percent;
import io.livehook.security.Tenant;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * A resource as requests name it, with all that follows from the name alone: its lane, its hash,
 * and the discovery links (DISC-9 to DISC-11). Immutable; made once and remembered.
 */
public final class ResourceName {
  private static final String CALLBACKS = "http://liveresource.org/protocol/callbacks";

  private final long tenant;
  private final String uri;
  private final int lane;
  private final byte[] hash;
  private final String self;
  private final String json;
  private final List<CharSequence> links;
  private final List<CharSequence> offered;

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
    CharSequence relAsUri = link(subscriptions(), '"' + CALLBACKS + '"');
    this.links = List.of(itself, canonical, rel, relAsUri);
    this.offered = List.of(rel, relAsUri);
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

  /** The URI as a JSON string. */
  public String json() {
    return json;
  }

  /** The discovery links, each the value of one {@code Link} line. */
  public List<CharSequence> links() {
    return links;
  }

  /** Those of them that say what is served, and hold on the origin's own answers too. */
  public List<CharSequence> offered() {
    return offered;
  }
}
