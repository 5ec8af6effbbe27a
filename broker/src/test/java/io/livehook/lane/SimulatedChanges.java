package io.livehook.lane;

import io.livehook.lane.SimulatedTables.BehindRow;
import io.livehook.lane.SimulatedTables.Key;
import io.livehook.lane.SimulatedTables.ResourceRow;
import io.livehook.lane.SimulatedTables.RetryRow;
import io.livehook.lane.SimulatedTables.SubscriptionRow;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** R12: what a transaction of subscription changes writes, change by change. */
final class SimulatedChanges {
  private final SimulatedDatabase database;
  private final SimulatedTables tables;
  private final Breach breach;

  /** The newest subscription per lane. */
  private final long[] newest;

  /** The newest resource per lane that was configured before its first update. */
  private final long[] newestConfigured;

  /** Redelivered ones may end once more. */
  private final Set<Key> redelivered = new HashSet<>();

  SimulatedChanges(SimulatedDatabase database, int lanes, Breach breach) {
    this.database = database;
    this.tables = database.tables;
    this.breach = breach;
    this.newest = new long[lanes];
    this.newestConfigured = new long[lanes];
  }

  boolean redelivered(Key delivery) {
    return redelivered.contains(delivery);
  }

  /** False: it found nothing to change. */
  boolean change(ChangeBatch.Change change) {
    switch (change) {
      case ChangeBatch.Created each -> create(each);
      case ChangeBatch.Renewed each -> {
        SubscriptionRow row = row(each.subscription());
        if (row.active()) {
          tables.subscription.put(row.id(), with(row, each.asked().options, true));
        }
      }
      case ChangeBatch.Ended each -> end(each);
      case ChangeBatch.Configured each -> configure(each);
      case ChangeBatch.Held each -> {
        SubscriptionRow row = row(each.subscription());
        tables.behind.put(row.id(), new BehindRow(row.lane(), each.since(), BehindReason.HELD, 0));
        database.touch(row.id());
      }
      case ChangeBatch.Released each -> {
        BehindRow row = tables.behind.get(each.subscription().id);
        if (row != null) {
          tables.behind.put(
              each.subscription().id,
              new BehindRow(row.lane(), row.since(), BehindReason.SPILLED, row.probeAt()));
        }
      }
      case ChangeBatch.Redelivered each -> {
        return redeliver(each);
      }
    }
    return true;
  }

  private SubscriptionRow row(Subscription subscription) {
    return SimulatedTables.known(tables.subscription.get(subscription.id));
  }

  private static SubscriptionRow with(
      SubscriptionRow row, SubscriptionOptions options, boolean active) {
    return new SubscriptionRow(
        row.id(),
        row.resource(),
        row.lane(),
        row.publicId(),
        row.label(),
        options,
        row.fromVer(),
        active);
  }

  private void version(Resource resource, long version) {
    ResourceRow row = SimulatedTables.known(tables.resource.get(resource.id()));
    tables.resource.put(
        row.id(),
        SimulatedDatabase.withVersion(row, Math.max(row.subVer(), version), row.sequence()));
  }

  private void create(ChangeBatch.Created made) {
    Submission.Subscribe asked = made.asked();
    for (SubscriptionRow each : tables.subscription.values()) {
      if (each.active()
          && each.resource() == made.resource().id()
          && each.label().equals(asked.label)
          && each.options().mode() == asked.options.mode()
          && each.options().callback().equals(asked.options.callback())) {
        throw new Violation("R12: subscription inserted twice: " + asked.options.callback());
      }
    }
    database.number(made.resource().lane(), made.id(), newest);
    version(made.resource(), made.fromVer());
    SubscriptionRow row =
        new SubscriptionRow(
            made.id(),
            made.resource().id(),
            made.resource().lane(),
            asked.publicId,
            asked.label,
            asked.options,
            made.fromVer(),
            true);
    tables.subscription.put(row.id(), row);
    database.rules.created(row);
  }

  private void configure(ChangeBatch.Configured configured) {
    if (tables.resource.get(configured.id()) == null) {
      database.create(configured.resource(), configured.id(), newestConfigured);
    }
  }

  private void end(ChangeBatch.Ended ended) {
    SubscriptionRow row = row(ended.subscription());
    version(ended.resource(), ended.toVer());
    tables.subscription.put(row.id(), with(row, row.options(), false));
    tables.behind.remove(row.id());
    if (breach != Breach.ROWS_LEFT) {
      Key low = new Key(row.id(), 0);
      Key high = new Key(row.id(), Long.MAX_VALUE);
      for (Key each : List.copyOf(tables.retry.between(low, high).keySet())) {
        tables.retry.remove(each);
      }
    }
    database.rules.ended(row.id());
  }

  private boolean redeliver(ChangeBatch.Redelivered change) {
    Key key = new Key(change.subscription().id, change.update());
    boolean kept = key.second() > tables.laneRow(change.resource().lane()).floor();
    if (!kept || tables.dead.remove(key) == null) {
      return false;
    }
    redelivered.add(key);
    tables.retry.put(
        key, new RetryRow(key.first(), key.second(), change.resource().lane(), 0, database.now));
    database.touch(key.first(), key.second());
    return true;
  }
}
