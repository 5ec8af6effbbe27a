package io.livehook.lane;

import io.livehook.lane.SimulatedOwner.Connection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A statement on its way: sent, executed (and committed) at one moment, its reply read later. When
 * its connection is lost before it was executed it may still be, or never.
 */
final class SimulatedStatement<T> {
  private final SimulatedOwner owner;
  private final SimulatedWorld world;
  private final Connection connection;
  private final String what;
  private final Supplier<@Nullable T> execute;
  private final Consumer<T> done;
  private final Consumer<SimulatedDatabase.Refused> refused;
  private boolean executed;
  private boolean dropped;
  private boolean orphaned;

  SimulatedStatement(
      SimulatedOwner owner,
      Connection connection,
      String what,
      Supplier<@Nullable T> execute,
      Consumer<T> done,
      Consumer<SimulatedDatabase.Refused> refused) {
    this.owner = owner;
    this.world = owner.node.world;
    this.connection = connection;
    this.what = what;
    this.execute = execute;
    this.done = done;
    this.refused = refused;
  }

  void send() {
    world.later(
        world.latency(),
        () -> {
          if (!orphaned) {
            execute();
          }
        });
  }

  private void execute() {
    if (executed || dropped || owner.crash != world.crashes) {
      return;
    }
    executed = true;
    if (world.tracing) {
      world.tell("owner " + owner.epoch + " " + what);
    }
    SimulatedDatabase.Refused error = world.refusal(connection == owner.flush);
    T result = null;
    if (error == null) {
      try {
        world.database.now = world.now;
        result = execute.get();
      } catch (SimulatedDatabase.Refused refusal) {
        error = refusal;
      }
    }
    if (error != null) {
      if (connection == owner.read) {
        world.reached(Reached.READ_FAILED);
      } else {
        world.reached(error.content ? Reached.CONTENT_REFUSED : Reached.DATABASE_FULL);
      }
    }
    T reply = result;
    SimulatedDatabase.Refused refusal = error;
    owner.later(world.latency(), () -> read(reply, refusal));
  }

  private void read(@Nullable T reply, SimulatedDatabase.@Nullable Refused refusal) {
    if (dropped) {
      return;
    }
    connection.statements.remove(this);
    if (refusal != null) {
      refused.accept(refusal);
    } else if (reply == null) {
      world.reached(Reached.FENCED);
      owner.lost("fenced");
    } else {
      done.accept(reply);
    }
  }

  /** Its connection is lost and somebody lives on who is told. */
  void fail() {
    dropped = true;
    connection.statements.remove(this);
    refused.accept(new SimulatedDatabase.Refused(false));
  }

  /** Its connection is lost, or its client has died: nobody reads the reply. */
  void orphan() {
    orphaned = true;
    boolean lands = !executed && world.chance.permille(600);
    if (!lands) {
      dropped = true;
      return;
    }
    world.later(
        world.chance.between(1, 4_000),
        () -> {
          if (!executed && owner.crash == world.crashes) {
            world.reached(Reached.STATEMENT_LANDS_LATE);
            execute();
          }
          dropped = true;
        });
  }

  /** R3 broken: the same statement goes again over a new connection. */
  void again() {
    executed = false;
    send();
  }
}
