package io.livehook.delivery;

import io.livehook.guard.Guard;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one event loop, oldest first. Judges what each has really reached, and
 * keeps their number within bounds by closing the oldest that is idle when a new one is opened;
 * those that carry an attempt are bounded by whoever starts attempts. All its work is per
 * connection, none per attempt.
 */
final class Sockets {
  private final int most;
  private final @Nullable Guard guard;
  private @Nullable Wire oldest;
  private @Nullable Wire newest;
  private int open;

  /**
   * @param guard null when a proxy is what is reached
   */
  Sockets(int most, @Nullable Guard guard) {
    this.most = most;
    this.guard = guard;
  }

  /** A connection to anywhere but an allowed address is reset before a byte is written. */
  void opened(HttpConnection connection) {
    Channel channel = Wire.channel(connection);
    if (guard != null
        && !(channel.remoteAddress() instanceof InetSocketAddress reached
            && guard.allows(reached.getAddress()))) {
      Wire.reset(connection);
      return;
    }
    Wire wire = Wire.watch(connection);
    link(wire);
    var unlinked = channel.closeFuture().addListener(closed -> unlink(wire));
    assert unlinked != null;
    if (open > most) {
      closeIdle();
    }
  }

  private void closeIdle() {
    for (Wire each = oldest; each != null; each = each.younger) {
      if (each.idle()) {
        each.close();
        return;
      }
    }
  }

  private void link(Wire wire) {
    open++;
    wire.older = newest;
    if (newest == null) {
      oldest = wire;
    } else {
      newest.younger = wire;
    }
    newest = wire;
  }

  private void unlink(Wire wire) {
    open--;
    Wire before = wire.older;
    Wire after = wire.younger;
    if (before == null) {
      oldest = after;
    } else {
      before.younger = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
  }
}
