package io.livehook.lane;

/** One POST on its way. */
final class SimulatedPost {
  final SimulatedOwner owner;
  final Delivery delivery;
  final long update;

  /** What goes in the same request. */
  final java.util.List<Update> further;

  boolean written;
  boolean closed;

  /** Its node was frozen between its last check and the write. */
  boolean thawed;

  /** What its callback has answered. */
  int status;

  /** The oracle's moment of its first byte. */
  int writtenAt;

  SimulatedPost(SimulatedOwner owner, Delivery delivery) {
    this.owner = owner;
    this.delivery = delivery;
    this.update = delivery.update().id;
    int offered = delivery.further().size();
    delivery.takes(offered == 0 ? 0 : owner.node.world.chance.between(0, offered));
    this.further = java.util.List.copyOf(delivery.further());
  }

  /** The request bytes go out. */
  void write() {
    SimulatedWorld world = owner.node.world;
    SimulatedCallback callback = world.callback(delivery.subscription.options().callback());
    written = true;
    world.oracle.written(this);
    SimulatedCallback.Reply reply = callback.reply(world.chance);
    if (reply == null) {
      world.reached(Reached.NO_CONNECTION);
      if (world.chance.permille(500)) {
        owner.ended(this, 0, 0);
      } else {
        owner.later(world.chance.between(1, 50), () -> answer(0, 0));
      }
    } else {
      owner.deadline(this);
      if (reply.status() != 0) {
        world.later(reply.after(), () -> answered(reply));
      }
    }
  }

  /** The callback has processed it; perhaps nobody hears its answer any more. */
  private void answered(SimulatedCallback.Reply reply) {
    SimulatedWorld world = owner.node.world;
    if (closed && world.chance.permille(500)) {
      return;
    }
    status = reply.status();
    if (reply.after() >= Limits.SLOW) {
      world.reached(Reached.SLOW);
    }
    world.oracle.arrived(this);
    owner.later(world.chance.between(0, 10), () -> answer(reply.status(), reply.pause()));
  }

  private void answer(int heard, int pause) {
    if (!closed) {
      owner.ended(this, heard, pause);
    }
  }

  /** Reset by the broker. */
  void close() {
    closed = true;
    owner.posts.remove(this);
  }
}
