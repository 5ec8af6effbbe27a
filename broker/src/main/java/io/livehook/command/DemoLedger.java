package io.livehook.command;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the demo sent and what arrived. Guarded by itself: origin and receivers are two threads. */
final class DemoLedger {
  private final PrintWriter out;
  private final Map<String, Subscriber> subscribers = new HashMap<>();
  private final Set<String> owed = new HashSet<>();
  private int expected;
  private int arrivals;
  private int verified;
  private int wrong;
  private int repeated;

  private record Subscriber(String resource, String secret, Set<String> seen) {}

  DemoLedger(PrintWriter out) {
    this.out = out;
  }

  synchronized void subscribed(String path, String resource, String secret) {
    subscribers.put(path, new Subscriber(resource, secret, new HashSet<>()));
  }

  synchronized void published(String resource, String value) {
    subscribers.forEach(
        (path, subscriber) -> {
          if (subscriber.resource().equals(resource) && owed.add(path + " " + value)) {
            expected++;
          }
        });
  }

  synchronized void arrived(Inbox.Arrival arrival) {
    arrivals++;
    Subscriber subscriber = subscribers.get(arrival.path());
    boolean good = subscriber != null && arrival.fits(subscriber.secret());
    if (subscriber == null || !good) {
      wrong++;
    } else if (!subscriber.seen().add(arrival.id())) {
      repeated++;
    } else if (owed.remove(arrival.path() + " " + arrival.body())) {
      verified++;
    }
    out.printf(
        "Arrived  %-12s %s  \"%s\"  signature %s%n",
        arrival.path(), arrival.id(), arrival.shown(), good ? "good" : "WRONG");
  }

  synchronized int expected() {
    return expected;
  }

  synchronized boolean complete() {
    return owed.isEmpty() && wrong == 0;
  }

  synchronized String summary() {
    return "%d deliveries expected, %d arrived with a good signature, %d missing; %d POSTs, %d repeated, %d with a wrong signature."
        .formatted(expected, verified, owed.size(), arrivals, repeated, wrong);
  }
}
