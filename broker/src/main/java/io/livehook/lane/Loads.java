package io.livehook.lane;

import io.livehook.lane.LoadBatch.LoadedResource;
import io.livehook.lane.LoadBatch.LoadedSubscription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resources and their subscriptions come into memory on first need (R4, R8) and leave it when idle.
 * One read under way per owner.
 */
final class Loads {
  private static final int BATCH = 100;

  private final Owner owner;
  private final ArrayDeque<Resource> wanted = new ArrayDeque<>();
  private @Nullable LoadBatch underWay;

  /** No submission has waited for a read longer than since then. */
  private long oldest = Long.MAX_VALUE;

  Loads(Owner owner) {
    this.owner = owner;
  }

  /** Asks for a resource once. */
  void want(Resource resource) {
    if (!resource.loaded && !resource.loading) {
      resource.loading = true;
      wanted.add(resource);
    }
  }

  /** It waits until its resource is in memory. */
  void await(Submission submission, Resource resource) {
    resource.waiting.add(submission);
    oldest = Math.min(oldest, submission.since);
    want(resource);
  }

  boolean idle() {
    return underWay == null && wanted.isEmpty();
  }

  void send() {
    if (underWay != null || wanted.isEmpty()) {
      return;
    }
    List<Resource> batch = new ArrayList<>();
    while (batch.size() < BATCH && !wanted.isEmpty()) {
      batch.add(wanted.remove());
    }
    underWay = new LoadBatch(batch);
    owner.orders.load(underWay);
  }

  long oldest() {
    return oldest;
  }

  /** The read is back; null elements do not exist. */
  void loaded(LoadBatch batch, List<@Nullable LoadedResource> rows) {
    underWay = null;
    if (wanted.isEmpty()) {
      oldest = Long.MAX_VALUE;
    }
    for (int i = 0; i < rows.size(); i++) {
      Resource asked = batch.resources().get(i);
      LoadedResource row = rows.get(i);
      Resource resource = row == null ? asked : merged(asked, row);
      asked.loading = false;
      if (!resource.loaded) {
        fill(resource, row);
      }
      if (resource != asked) {
        resource.waiting.addAll(asked.waiting);
        asked.waiting.clear();
      }
      resource.usedAt = owner.now;
      List<Submission> waited = List.copyOf(resource.waiting);
      resource.waiting.clear();
      for (Submission each : waited) {
        owner.take(each, resource);
      }
      if (!resource.stored && resource.pending == 0) {
        resource.lane.evict(resource);
      }
    }
  }

  /** A resource may have been asked for both by key and by id: one object goes on. */
  private static Resource merged(Resource asked, LoadedResource row) {
    Resource byId = asked.lane.known(row.id());
    Resource resource = byId == null ? asked : byId;
    resource.tenant = row.tenant();
    resource.uri = row.uri();
    resource.id = row.id();
    resource.lane.name(resource);
    resource.lane.key(resource);
    return resource;
  }

  private void fill(Resource resource, @Nullable LoadedResource row) {
    resource.loaded = true;
    Lane lane = resource.lane;
    if (resource.chainHead == null) {
      resource.chainLow = lane.tail;
    }
    if (row == null) {
      return;
    }
    resource.stored = true;
    resource.subVer = row.subVer();
    resource.sequence = row.sequence();
    resource.hasValue = row.hasValue();
    resource.etag = row.etag();
    resource.last = row.last();
    Place place = row.place();
    if (place != null) {
      var head = new Chain.Head(row.last(), place.value(), place.changesId(), row.etag());
      resource.chain = new Chain(head, place.sequence(), true);
    }
    for (LoadedSubscription each : row.subscriptions()) {
      owner.subscriptions.add(resource, each);
    }
    owner.retries.attach(resource);
    // Until now each recovered link was held by one count: nobody knew whom it is owed to.
    for (Update link = resource.chainHead; link != null; link = link.nextInResource) {
      owner.resolved(link);
    }
  }

  /** The read failed on a living connection: it is asked for again. */
  void failed(LoadBatch batch) {
    underWay = null;
    wanted.addAll(batch.resources());
  }

  /** Drops idle resources while there are more than {@code most} in a lane. */
  void evict(Lane lane, int most, long idleSince) {
    if (lane.size() <= most) {
      return;
    }
    List<Resource> idle = new ArrayList<>();
    for (Resource each : lane.resources()) {
      if (each.usedAt < idleSince && isIdle(each)) {
        idle.add(each);
      }
    }
    for (Resource each : idle) {
      for (Subscription subscription : each.subscriptions) {
        owner.subscriptions.forget(subscription);
      }
      owner.reads.drop(each);
      lane.evict(each);
    }
  }

  private boolean isIdle(Resource resource) {
    if (!resource.loaded
        || resource.pending > 0
        || resource.chainHead != null
        || !resource.waiting.isEmpty()
        || !resource.readers.isEmpty()) {
      return false;
    }
    for (Subscription each : resource.subscriptions) {
      if (each.behind != null
          || each.uncounted
          || owner.behinds.hasRow(each)
          || each.openHead != null
          || each.running > 0
          || !each.retries.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** 503 for what waits for a read too long. */
  void expire(long before) {
    if (oldest > before) {
      return;
    }
    oldest = Long.MAX_VALUE;
    for (Resource resource : wanted) {
      expire(resource, before);
    }
    LoadBatch batch = underWay;
    if (batch != null) {
      for (Resource resource : batch.resources()) {
        expire(resource, before);
      }
    }
  }

  private void expire(Resource resource, long before) {
    resource.waiting.removeIf(
        each -> {
          if (each.since > before) {
            oldest = Math.min(oldest, each.since);
            return false;
          }
          owner.answer(each, new Verdict.Unavailable(1));
          return true;
        });
  }
}
