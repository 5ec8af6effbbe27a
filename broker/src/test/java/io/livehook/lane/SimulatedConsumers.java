package io.livehook.lane;

import io.livehook.lane.SimulatedTables.SubscriptionRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What origins, consumers and operators ask in a simulated run. */
final class SimulatedConsumers {
  private static final Submission.Actor ACTOR = new Submission.Actor("simulation", "0");

  private final SimulatedWorld world;
  private final Chance chance;
  private int serial;
  private int burst;

  SimulatedConsumers(SimulatedWorld world) {
    this.world = world;
    this.chance = world.chance;
  }

  /** One random action. */
  void act() {
    if (chance.permille(world.plan.faults())) {
      world.faults.one();
    } else if (chance.permille(world.plan.moods())) {
      chance.of(List.copyOf(world.callbacks.values())).change(chance);
    } else if (burst > 0) {
      burst--;
      push();
    } else {
      ask();
    }
  }

  /** How long until the next. */
  int pause() {
    return burst > 0 ? chance.between(0, 5) : chance.between(0, world.plan.pause());
  }

  private void ask() {
    int die = chance.between(0, 99);
    if (die < 60) {
      push();
    } else if (die < 64) {
      burst = chance.between(3, 25);
    } else if (die < 76) {
      subscribe();
    } else if (die < 82) {
      unsubscribe(EndReason.UNSUBSCRIBED);
    } else if (die < 86) {
      hold(true);
    } else if (die < 91) {
      hold(false);
    } else if (die < 96) {
      redeliver();
    } else if (die < 98) {
      retain();
    } else {
      unsubscribe(EndReason.OPERATOR);
    }
  }

  // --- what is asked ---

  private void submit(Submission submission) {
    SimulatedOwner owner = world.ownerOf(submission.lane);
    if (owner == null || owner.node.frozen) {
      return;
    }
    if (world.tracing) {
      world.tell(world.describe(submission));
    }
    world.oracle.asked(submission);
    owner.submit(submission);
  }

  private int resource() {
    return chance.between(0, world.plan.resources() - 1);
  }

  private static String uri(int resource) {
    return "res" + resource / 2;
  }

  /** Two tenants have resources of the same name. */
  private static long tenant(int resource) {
    return 1 + resource % 2;
  }

  private int lane(int resource) {
    return (resource * 7 + 1) % world.plan.lanes();
  }

  private void push() {
    int resource = resource();
    if (serial % 9 == 0) {
      configure(resource);
    }
    String key = chance.permille(150) ? "key" + chance.between(0, 5) : null;
    String text = key != null && chance.permille(700) ? key : "body" + serial++;
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    UpdateKind kind =
        chance.permille(900)
            ? UpdateKind.VALUE
            : chance.permille(700) ? UpdateKind.DELETED : UpdateKind.HINT;
    if (isCollection(resource) && kind == UpdateKind.VALUE && serial % 5 != 0) {
      kind = UpdateKind.CHANGES;
    }
    String etag = chance.permille(world.plan.refusals() > 0 ? 10 : 0) ? "poison" : null;
    submit(
        new Submission.Push(
            tenant(resource),
            uri(resource),
            lane(resource),
            kind,
            new Submission.Representation(etag, null, null, body),
            changes(resource, kind),
            key,
            key == null ? null : body));
  }

  private void configure(int resource) {
    var wanted = new Submission.Configuration(isCollection(resource), false, false);
    submit(
        new Submission.Configure(
            tenant(resource),
            uri(resource),
            lane(resource),
            "res" + serial,
            wanted,
            wanted,
            ACTOR));
  }

  /** No more draws from chance: what runs have in common with objects only, they keep. */
  private static boolean isCollection(int resource) {
    return resource % 3 == 1;
  }

  /** An origin that knows what is committed, not what is under way. */
  private Submission.ChangesIds changes(int resource, UpdateKind kind) {
    if (kind != UpdateKind.CHANGES) {
      return Submission.ChangesIds.NONE;
    }
    String last = null;
    for (var each : world.database.tables.resource.values()) {
      LogRow head = each.head();
      boolean same = each.tenant() == tenant(resource) && each.uri().equals(uri(resource));
      if (same && head != null && head.place() != null) {
        last = head.place().changesId();
      }
    }
    return new Submission.ChangesIds("changes" + serial, last);
  }

  private void subscribe() {
    int resource = resource();
    SimulatedCallback callback = chance.of(List.copyOf(world.callbacks.values()));
    boolean strict = chance.permille(world.plan.strict());
    boolean changes = isCollection(resource) && serial % 3 != 0;
    long lease = chance.permille(80) ? world.now + chance.between(3_000, 60_000) : Long.MAX_VALUE;
    SubscriptionOptions options =
        new SubscriptionOptions(
            callback.uri,
            callback.host,
            "whsec_",
            strict,
            chance.of(List.of(1, 3)),
            chance.of(world.plan.schedules()),
            lease,
            changes ? Mode.CHANGES : Mode.VALUE,
            changes && serial % 2 == 0);
    submit(
        new Submission.Subscribe(
            tenant(resource), uri(resource), lane(resource), "", "sub" + serial++, options, ACTOR));
  }

  private @Nullable SubscriptionRow anySubscription() {
    List<SubscriptionRow> rows = new ArrayList<>(world.database.tables.subscription.values());
    return rows.isEmpty() ? null : chance.of(rows);
  }

  private void unsubscribe(EndReason reason) {
    SubscriptionRow row = anySubscription();
    if (row != null) {
      unsubscribe(row, reason);
    }
  }

  private void unsubscribe(SubscriptionRow row, EndReason reason) {
    var resource = SimulatedTables.known(world.database.tables.resource.get(row.resource()));
    submit(
        new Submission.Unsubscribe(
            resource.tenant(), resource.uri(), row.lane(), row.id(), reason, ACTOR));
  }

  private void hold(boolean held) {
    SubscriptionRow row = anySubscription();
    if (row != null) {
      hold(row, held);
    }
  }

  private void hold(SubscriptionRow row, boolean held) {
    var resource = SimulatedTables.known(world.database.tables.resource.get(row.resource()));
    submit(
        new Submission.Hold(resource.tenant(), resource.uri(), row.lane(), row.id(), held, ACTOR));
  }

  private void redeliver() {
    List<FlushBatch.DeadRow> dead = new ArrayList<>(world.database.tables.dead.values());
    if (!dead.isEmpty()) {
      FlushBatch.DeadRow letter = chance.of(dead);
      SubscriptionRow row =
          SimulatedTables.known(world.database.tables.subscription.get(letter.subscription()));
      var resource = SimulatedTables.known(world.database.tables.resource.get(row.resource()));
      submit(
          new Submission.Redeliver(
              resource.tenant(), resource.uri(), row.lane(), row.id(), letter.update(), ACTOR));
    }
  }

  /** Retention as its owners see it, then the dropping by somebody else, a while later. */
  private void retain() {
    long before = world.now - chance.of(List.of(300, 5_000, 30_000, 120_000));
    world.nodes.forEach(node -> List.copyOf(node.owners).forEach(each -> each.retain(before)));
    world.later(chance.between(0, 400), this::drop);
  }

  private void drop() {
    if (world.database.dropLog() > 0) {
      world.reached(Reached.LOG_DROPPED);
    }
  }

  /** Leases that have run out are ended, holds are released. */
  void tidy() {
    for (SubscriptionRow each : List.copyOf(world.database.tables.subscription.values())) {
      if (each.active() && each.options().leaseUntil() < world.now - 1_000) {
        unsubscribe(each, EndReason.EXPIRED);
      } else if (each.active() && world.isQuiet()) {
        var behind = world.database.tables.behind.get(each.id());
        if (behind != null && behind.reason() == BehindReason.HELD) {
          hold(each, false);
        }
      }
    }
  }
}
