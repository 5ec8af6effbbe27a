package io.livehook.lane;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One lane: its ids, its tail, its resources and the chain of its updates above the watermark. All
 * of it lives on the thread of its {@link Owner}.
 */
final class Lane {
  final int number;
  final LaneIds ids;
  final Watermark watermark;
  private final Map<Key, Resource> byKey = new HashMap<>();
  private final Map<Long, Resource> byId = new HashMap<>();

  /** Newest update known to be committed, or a bound above it with nothing being appended (R10). */
  long tail;

  /** Tail at the takeover: at or below it the tables hold ends of earlier owners. */
  final long adoptedTail;

  /** Below it the log may have been dropped; as far as this owner has raised it. */
  long floor;

  /** Updates of this lane in the append queue or statement. */
  int appending;

  /** {@code gone} transactions under way: the watermark stands (R10). */
  int gonePending;

  /** Ends from before this owner, until the resources they belong to are loaded. */
  final Map<Long, java.util.List<LogRead.RecoveredAttempt>> recovered = new HashMap<>();

  /** Key of a resource within its lane. */
  private record Key(long tenant, String uri) {}

  Lane(LaneSnapshot found) {
    this.number = found.lane();
    this.tail = found.tail();
    this.adoptedTail = found.tail();
    this.ids = new LaneIds(number, found.tail());
    this.watermark = new Watermark(this, found.watermark());
  }

  Resource resource(long tenant, String uri) {
    return byKey.computeIfAbsent(new Key(tenant, uri), key -> new Resource(this, tenant, uri));
  }

  /** A resource known by its id only, to be loaded. */
  Resource resource(long id) {
    return byId.computeIfAbsent(
        id,
        key -> {
          Resource resource = new Resource(this, 0, "");
          resource.id = id;
          resource.stored = true;
          return resource;
        });
  }

  @Nullable Resource known(long id) {
    return byId.get(id);
  }

  void name(Resource resource) {
    byId.put(resource.id, resource);
  }

  /** A resource asked for by id has been read: it now has a key. Returns the one to use. */
  void key(Resource resource) {
    byKey.put(new Key(resource.tenant, resource.uri), resource);
  }

  void evict(Resource resource) {
    byKey.remove(new Key(resource.tenant, resource.uri), resource);
    byId.remove(resource.id, resource);
  }

  Iterable<Resource> resources() {
    return byId.values();
  }

  int size() {
    return byId.size();
  }
}
