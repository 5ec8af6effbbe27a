package io.livehook.it.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows every update that was sent and acknowledged, every arrival and every crash, and nothing of
 * the broker; decides the promises 1 to 4 and 8 from that. Its feeders may be different threads.
 */
public final class Checker {
  private final Map<String, String> resourceOf = new HashMap<>();
  private final Map<String, List<String>> subscriptionsOf = new HashMap<>();
  private final Map<Long, Update> updates = new HashMap<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Crash> crashes = new ArrayList<>();
  private final Set<String> delivered = new HashSet<>();
  private int acknowledged;
  private long owed;
  private long owedAndDelivered;

  private static final class Update {
    final String resource;
    final long sentAt;
    @Nullable String id;
    long acknowledgedAt;

    Update(String resource, long sentAt) {
      this.resource = resource;
      this.sentAt = sentAt;
    }
  }

  /** All subscriptions are there before the first update is sent. */
  public synchronized void subscribed(String subscription, String resource) {
    resourceOf.put(subscription, resource);
    subscriptionsOf.computeIfAbsent(resource, any -> new ArrayList<>()).add(subscription);
  }

  /**
   * Before the first byte is written; the same body again is a repeat with the same idempotency
   * key.
   */
  public synchronized void sent(String resource, long body, long at) {
    updates.putIfAbsent(body, new Update(resource, at));
  }

  public synchronized void acknowledged(long body, String id, long at) {
    Update update = updates.get(body);
    if (update == null || update.id != null) {
      throw new IllegalStateException("acknowledged twice or never sent: " + id);
    }
    update.id = id;
    update.acknowledgedAt = at;
    acknowledged++;
    for (String subscription : subscriptions(update.resource)) {
      owed++;
      if (delivered.contains(subscription + ' ' + id)) {
        owedAndDelivered++;
      }
    }
  }

  public synchronized void arrived(Arrival arrival) {
    arrivals.add(arrival);
    if (arrival.delivered() && delivered.add(arrival.subscription() + ' ' + arrival.update())) {
      Update update = updates.get(arrival.body());
      if (update != null && arrival.update().equals(update.id)) {
        owedAndDelivered++;
      }
    }
  }

  public synchronized void crashed(Crash crash) {
    crashes.add(crash);
  }

  /** Deliveries owed for acknowledged updates that have not had a 2xx yet. */
  public synchronized long outstanding() {
    return owed - owedAndDelivered;
  }

  public synchronized int acknowledged() {
    return acknowledged;
  }

  public synchronized Verdict verdict() {
    Findings findings = new Findings();
    findings.identities();
    findings.losses();
    findings.orderOfAcceptance();
    Map<String, List<Arrival>> bySubscription = new TreeMap<>();
    arrivals.forEach(
        a -> bySubscription.computeIfAbsent(a.subscription(), any -> new ArrayList<>()).add(a));
    bySubscription.forEach(findings::subscription);
    return findings.verdict();
  }

  private List<String> subscriptions(String resource) {
    return subscriptionsOf.getOrDefault(resource, List.of());
  }

  /** One walk over the history. */
  private final class Findings {
    private final List<String> lost = new ArrayList<>();
    private final List<String> phantoms = new ArrayList<>();
    private final List<String> reordered = new ArrayList<>();
    private final List<String> excess = new ArrayList<>();
    private final List<String> forged = new ArrayList<>();
    private final Map<Long, String> idOf = new HashMap<>();
    private final Map<String, Long> bodyOf = new HashMap<>();
    private int firstArrivals;
    private int duplicates;

    /** One body has one id and one id has one body, in acknowledgements and arrivals alike. */
    void identities() {
      updates.forEach(
          (body, update) -> {
            if (update.id != null) {
              idOf.put(body, update.id);
              Long other = bodyOf.put(update.id, body);
              if (other != null) {
                phantoms.add(update.id + " was given to two updates");
              }
            }
          });
      for (Arrival arrival : arrivals) {
        String why = phantom(arrival);
        if (why != null) {
          phantoms.add(arrival.subscription() + " got " + arrival.update() + ": " + why);
        }
        if (!arrival.authentic()) {
          forged.add(arrival.subscription() + " got " + arrival.update());
        }
      }
    }

    private @Nullable String phantom(Arrival arrival) {
      Update update = updates.get(arrival.body());
      if (update == null) {
        return "its bytes were never sent";
      }
      if (!update.resource.equals(resourceOf.get(arrival.subscription()))) {
        return "another resource's";
      }
      String id = idOf.putIfAbsent(arrival.body(), arrival.update());
      if (id != null && !id.equals(arrival.update())) {
        return "the same update is also " + id;
      }
      Long body = bodyOf.putIfAbsent(arrival.update(), arrival.body());
      return body != null && body != arrival.body() ? "one id with different bytes" : null;
    }

    void losses() {
      updates
          .values()
          .forEach(
              update -> {
                if (update.id != null) {
                  for (String subscription : subscriptions(update.resource)) {
                    if (!delivered.contains(subscription + ' ' + update.id)) {
                      lost.add(subscription + " never got " + update.id);
                    }
                  }
                }
              });
    }

    /** An update that was acknowledged before another was sent has the smaller id. */
    void orderOfAcceptance() {
      Map<String, List<Update>> byResource = new HashMap<>();
      updates.values().stream()
          .filter(update -> update.id != null)
          .forEach(u -> byResource.computeIfAbsent(u.resource, any -> new ArrayList<>()).add(u));
      byResource.values().forEach(this::orderOfAcceptance);
    }

    private void orderOfAcceptance(List<Update> accepted) {
      accepted.sort(Comparator.comparing((Update update) -> String.valueOf(update.id)).reversed());
      long earliestLater = Long.MAX_VALUE;
      for (Update update : accepted) {
        if (earliestLater < update.sentAt) {
          reordered.add(update.id + " was sent after an update with a greater id was acknowledged");
        }
        earliestLater = Math.min(earliestLater, update.acknowledgedAt);
      }
    }

    void subscription(String subscription, List<Arrival> received) {
      String newest = "";
      Map<String, List<Arrival>> ends = new HashMap<>();
      Set<String> seen = new HashSet<>();
      for (Arrival arrival : received) {
        if (seen.add(arrival.update())) {
          firstArrivals++;
          if (arrival.update().compareTo(newest) < 0) {
            reordered.add(subscription + ": " + arrival.update() + " first came after " + newest);
          }
          newest = arrival.update();
        }
        if (arrival.delivered()) {
          ends.computeIfAbsent(arrival.update(), any -> new ArrayList<>(1)).add(arrival);
        }
      }
      ends.values().forEach(this::repeats);
    }

    /**
     * Each repeat of a 2xx needs a crash of its own that had not seen the 2xx before it made
     * durable.
     */
    private void repeats(List<Arrival> ends) {
      Set<Crash> used = new HashSet<>();
      for (int i = 1; i < ends.size(); i++) {
        duplicates++;
        Crash excuse = excuse(ends.get(i - 1), ends.get(i), used);
        if (excuse == null) {
          excess.add(ends.get(i).subscription() + " got " + ends.get(i).update() + " again");
        } else {
          used.add(excuse);
        }
      }
    }

    private @Nullable Crash excuse(Arrival before, Arrival again, Set<Crash> used) {
      for (Crash crash : crashes) {
        if (!used.contains(crash)
            && before.at() <= crash.until()
            && again.at() >= crash.from()
            && !crash
                .durable()
                .contains(before.subscription(), before.update(), before.answeredAt())) {
          return crash;
        }
      }
      return null;
    }

    Verdict verdict() {
      Verdict.Counts counts =
          new Verdict.Counts(
              acknowledged,
              updates.size() - acknowledged,
              arrivals.size(),
              firstArrivals,
              duplicates,
              crashes.size());
      return new Verdict(lost, phantoms, reordered, excess, forged, counts);
    }
  }
}
