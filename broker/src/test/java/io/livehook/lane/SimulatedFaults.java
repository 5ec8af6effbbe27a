package io.livehook.lane;

/** What goes wrong in a simulated run: at any time, and at the worst moments. */
final class SimulatedFaults {
  private final SimulatedWorld world;
  private final Chance chance;

  SimulatedFaults(SimulatedWorld world) {
    this.world = world;
    this.chance = world.chance;
  }

  /** One random fault. */
  void one() {
    SimulatedNode node = chance.of(world.nodes);
    if (!node.alive || node.frozen || node.owners.isEmpty()) {
      return;
    }
    SimulatedOwner owner = chance.of(node.owners);
    int die = chance.between(0, 99);
    if (die < 20) {
      kill(node);
    } else if (die < 35) {
      world.reached(Reached.FREEZE);
      node.freeze(chance.between(500, 25_000));
    } else if (die < 45) {
      lose(owner, owner.append, Reached.APPEND_CONNECTION_LOST);
    } else if (die < 60) {
      lose(owner, owner.flush, Reached.FLUSH_CONNECTION_LOST);
    } else if (die < 68) {
      world.reached(Reached.READ_CONNECTION_LOST);
      owner.loseReads();
    } else if (die < 80) {
      world.crash();
    } else if (die < 92) {
      node.drain(owner);
    } else {
      secondOwner(owner);
    }
  }

  // --- moments at which a fault does most harm ---

  /** A statement is on its way. */
  void sent(SimulatedOwner owner) {
    at(world.plan.breaks() / 20, 0, () -> kill(owner.node));
  }

  /** So is a change of a subscription. */
  void changeSent(SimulatedOwner owner) {
    at(world.plan.breaks(), 0, () -> lose(owner, owner.flush, Reached.FLUSH_CONNECTION_LOST));
  }

  /** A first attempt starts that had to wait until the end of an older one was on disk (R13). */
  void awaitedStarted() {
    at(world.plan.breaks() * 10, chance.between(0, 20), world::crash);
  }

  private void at(int permille, int after, Runnable fault) {
    if (permille > 0 && !world.isQuiet() && chance.permille(permille)) {
      world.later(
          after,
          () -> {
            if (!world.isQuiet()) {
              fault.run();
            }
          });
    }
  }

  private void kill(SimulatedNode node) {
    if (!node.alive || node.frozen) {
      return;
    }
    world.reached(Reached.KILL);
    if (world.tracing) {
      world.tell("node " + node.id + " is killed");
    }
    node.kill();
    int delay = chance.permille(500) ? chance.between(50, 2_000) : chance.between(9_000, 30_000);
    world.later(delay, () -> restart(node));
  }

  private static void restart(SimulatedNode node) {
    if (!node.alive) {
      node.start();
    }
  }

  private void lose(SimulatedOwner owner, SimulatedOwner.Connection connection, Reached what) {
    if (owner.over || owner.node.frozen) {
      return;
    }
    world.reached(what);
    if (world.breach == Breach.SENT_AGAIN) {
      connection.statements.forEach(SimulatedStatement::again);
    } else {
      owner.lost("the " + connection.name + " connection is lost");
    }
  }

  /** Somebody takes lanes of a living owner, against R5. */
  private void secondOwner(SimulatedOwner owner) {
    SimulatedNode other = chance.of(world.nodes);
    if (other.alive && !other.frozen && other != owner.node && !owner.lanes.isEmpty()) {
      world.reached(Reached.SECOND_OWNER);
      other.usurp(owner);
    }
  }
}
