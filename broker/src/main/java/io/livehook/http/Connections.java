package io.livehook.http;

import io.livehook.platform.Settings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The connections of one event loop: how many there may be, and how long each may take over what it
 * sends (ADM-15). Vert.x has no such limits (reliability.md §1.9). A look goes round at set times,
 * so a request costs no timer; times are good to a tenth of the shortest limit.
 */
public final class Connections {
  private static final long SHORTEST_ROUND = 10_000_000;
  private static final long LONGEST_ROUND = 1_000_000_000;

  private final Vertx vertx;
  private final Settings.Inbound limits;
  private final Peers peers;
  private final Refusals refusals;
  private final LongSupplier nanos;
  private final Set<Watch> watched = Collections.newSetFromMap(new IdentityHashMap<>());
  private final long round;
  private long now;
  private boolean looking;

  public Connections(Vertx vertx, Settings.Inbound limits, Peers peers, Refusals refusals) {
    this.vertx = vertx;
    this.limits = limits;
    this.peers = peers;
    this.refusals = refusals;
    this.nanos = System::nanoTime;
    long shortest = Math.min(limits.headTimeout().toNanos(), limits.bodyTimeout().toNanos());
    this.round =
        Math.clamp(
            Math.min(shortest, limits.idleTimeout().toNanos()) / 10, SHORTEST_ROUND, LONGEST_ROUND);
  }

  public Refusals refusals() {
    return refusals;
  }

  /** A connection has been made; no byte of it has been read. */
  public void accept(HttpConnection connection) {
    Channel channel = ((VertxConnection) connection).channelHandlerContext().channel();
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      channel.close(); // gone already
      return;
    }
    look();
    Peers.Entry entry = peers.enter(remote.getAddress());
    Watch watch = new Watch(this, channel, entry);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore("httpDecoder", "bytes", watch.bytes());
    pipeline.addBefore("handler", "watch", watch);
    watched.add(watch);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              watched.remove(watch);
              if (entry == Peers.Entry.ADMITTED) {
                peers.leave(remote.getAddress());
              }
            });
  }

  Settings.Inbound limits() {
    return limits;
  }

  /** The monotonic clock as of the last round. */
  long now() {
    return now;
  }

  /** By so much may a time taken from {@link #now} be too early. */
  long round() {
    return round;
  }

  private void look() {
    if (!looking) {
      looking = true;
      now = nanos.getAsLong();
      next();
    }
  }

  private void next() {
    vertx.setTimer(Math.max(1, round / 1_000_000), timer -> lookAtAll());
  }

  private void lookAtAll() {
    long before = now;
    now = nanos.getAsLong();
    for (Watch each : List.copyOf(watched)) {
      each.look(now - before);
    }
    if (watched.isEmpty()) {
      looking = false;
    } else {
      next();
    }
  }
}
