package io.livehook.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * R8: what memory does not hold is read back from the log, at or below the tail, in pages that the
 * subscriptions of a resource share. One read under way per owner; pages are bounded in bytes, the
 * oldest goes first.
 */
final class Reads {
  private static final int PAGES_PER_RESOURCE = 4;
  private static final int PAGES = 10_000;

  private final Owner owner;
  private final ArrayDeque<Resource> wanted = new ArrayDeque<>();
  private final Set<Page> pages = new LinkedHashSet<>();
  private long bytes;
  private @Nullable LogRead underWay;
  private List<Subscription> readers = new ArrayList<>();

  Reads(Owner owner) {
    this.owner = owner;
  }

  /** Part of a resource's log read back, in (from, to]. */
  static final class Page {
    final Resource resource;
    final long from;
    final long to;
    final List<Update> rows;
    final Set<Long> recovered;
    final long bytes;

    Page(Resource resource, long from, long to, List<Update> rows, Set<Long> recovered) {
      this.resource = resource;
      this.from = from;
      this.to = to;
      this.rows = rows;
      this.recovered = recovered;
      this.bytes = rows.stream().mapToLong(Update::size).sum();
    }

    /** The first row with a higher id, or null. */
    @Nullable Update after(long id) {
      int low = 0;
      int high = rows.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (rows.get(middle).id <= id) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low < rows.size() ? rows.get(low) : null;
    }

    /** The place of this row was read, and it is not there. */
    boolean lacks(long id) {
      Update row = from < id && id <= to ? after(id - 1) : null;
      return from < id && id <= to && (row == null || row.id != id);
    }

    /** Holds the place after {@code cursor} and what the tables know of the subscription there. */
    boolean serves(Subscription subscription, long cursor) {
      return from <= cursor
          && cursor < to
          && (subscription.recoveredTo <= from || recovered.contains(subscription.id));
    }
  }

  /** The first update above the cursor of a subscription that is behind, or null. */
  @Nullable Update after(Subscription subscription) {
    Resource resource = subscription.resource;
    Update pinned = subscription.pinned;
    if (pinned != null && subscription.pinnedFirst && pinned.id > subscription.cursor) {
      return pinned;
    }
    while (subscription.cursor < resource.chainLow) {
      Page page = page(subscription);
      if (page == null) {
        want(subscription, subscription.cursor, Limits.PAGE);
        return null;
      }
      Update update = page.after(subscription.cursor);
      if (update != null) {
        return update;
      }
      subscription.cursor = page.to;
    }
    return resource.inChainAfter(subscription.cursor);
  }

  private static @Nullable Page page(Subscription subscription) {
    for (Page page : subscription.resource.pages) {
      if (page.serves(subscription, subscription.cursor)) {
        return page;
      }
    }
    return null;
  }

  /**
   * The update with its bytes: itself, or its row in a page; null when a read was asked for, or the
   * update is {@link #missing}.
   */
  @Nullable Update sendable(Subscription subscription, Update update) {
    return update.body != null ? update : sendable(subscription, update.id, Limits.PAGE);
  }

  @Nullable Update sendable(Subscription subscription, long id, int limit) {
    Update link = subscription.resource.inChain(id);
    if (link != null && link.body != null) {
      return link;
    }
    Update pinned = subscription.pinned;
    if (pinned != null && pinned.id == id && pinned.body != null) {
      return pinned;
    }
    for (Page page : subscription.resource.pages) {
      Update row = page.after(id - 1);
      if (row != null && row.id == id) {
        return row;
      }
    }
    if (!missing(subscription.resource, id)) {
      want(subscription, id - 1, limit);
    }
    return null;
  }

  /**
   * A read came back without it: somebody took the row out of the log, or a disk lost it. Reading
   * on would never end.
   */
  boolean missing(Resource resource, long id) {
    if (id > resource.lane.tail) {
      return true;
    }
    for (Page page : resource.pages) {
      if (page.lacks(id)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The changes that follow an update without a break and have not started, as far as memory has
   * their bytes, about so many bytes of them.
   */
  static List<Update> further(Subscription subscription, Update first, long bytes) {
    List<Update> found = new ArrayList<>();
    Update last = first;
    long sum = first.size();
    for (Update each; (each = inMemoryAfter(subscription.resource, last.id)) != null; ) {
      Place place = each.place;
      sum += each.size();
      if (place == null
          || place.previous() != last.id
          || each.kind != UpdateKind.CHANGES
          || each.id <= subscription.cursor
          || !subscription.owed(each)
          || sum > bytes) {
        break;
      }
      found.add(each);
      last = each;
    }
    return found;
  }

  private static @Nullable Update inMemoryAfter(Resource resource, long id) {
    Update link = id < resource.chainLow ? null : resource.inChainAfter(id);
    if (link != null && link.body != null) {
      return link;
    }
    for (Page page : resource.pages) {
      Update row = page.from <= id && id < page.to ? page.after(id) : null;
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  private void want(Subscription subscription, long from, int limit) {
    Resource resource = subscription.resource;
    resource.readFrom = Math.min(resource.readFrom, from);
    resource.readLimit = Math.max(resource.readLimit, limit);
    if (!subscription.reading) {
      subscription.reading = true;
      if (resource.readers.isEmpty()) {
        wanted.add(resource);
      }
      resource.readers.add(subscription);
    }
  }

  void send() {
    if (underWay != null || wanted.isEmpty()) {
      return;
    }
    Resource resource = wanted.remove();
    long from = resource.readFrom;
    long[] recovered =
        resource.subscriptions.stream()
            .filter(each -> each.uncounted && each.recoveredTo > from)
            .mapToLong(each -> each.id)
            .toArray();
    underWay = new LogRead(resource, from, resource.lane.tail, resource.readLimit, recovered);
    readers = new ArrayList<>(resource.readers);
    resource.readers.clear();
    resource.readFrom = Long.MAX_VALUE;
    resource.readLimit = 0;
    owner.orders.readLog(underWay);
  }

  void read(LogRead read, LogRead.Result result) {
    underWay = null;
    Resource resource = read.resource();
    Set<Long> recovered = new HashSet<>();
    for (long id : read.recovered()) {
      recovered.add(id);
    }
    for (LogRead.RecoveredAttempt each : result.attempts()) {
      Subscription subscription = owner.subscriptions.of(resource, each.subscription());
      if (subscription != null && subscription.uncounted) {
        subscription.recover(each);
      }
    }
    List<Update> rows = new ArrayList<>(result.rows().size());
    for (LogRow row : result.rows()) {
      rows.add(new Update(row, resource));
    }
    long to = result.complete() ? read.to() : rows.get(rows.size() - 1).id;
    add(new Page(resource, read.from(), to, rows, recovered));
    wakeReaders();
  }

  /** The read failed on a living connection: whoever still needs it asks again. */
  void failed() {
    underWay = null;
    wakeReaders();
  }

  private void wakeReaders() {
    List<Subscription> waited = readers;
    readers = new ArrayList<>();
    for (Subscription each : waited) {
      each.reading = false;
      owner.dispatch.ready(each);
    }
  }

  private void add(Page page) {
    List<Page> overlapped =
        page.resource.pages.stream()
            .filter(each -> each.from < page.to && page.from < each.to)
            .toList();
    overlapped.forEach(this::drop);
    if (page.resource.pages.size() >= PAGES_PER_RESOURCE) {
      drop(page.resource.pages.get(0));
    }
    page.resource.pages.add(page);
    pages.add(page);
    bytes += page.bytes;
    while ((bytes > owner.limits.bodies() || pages.size() > PAGES) && pages.size() > 1) {
      drop(pages.iterator().next());
    }
  }

  private void drop(Page page) {
    pages.remove(page);
    page.resource.pages.remove(page);
    bytes -= page.bytes;
  }

  /** Drops the pages of a resource that leaves memory or that nobody reads any more. */
  void drop(Resource resource) {
    new ArrayList<>(resource.pages).forEach(this::drop);
  }
}
