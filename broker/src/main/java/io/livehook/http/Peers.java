package io.livehook.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections are open, in all and by whom; shared by all event loops of a node. An IPv6
 * peer is its /64, since whoever has one address of it has them all.
 */
public final class Peers {
  private final int most;
  private final int mostOfOne;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<Object, Integer> byPeer = new ConcurrentHashMap<>();

  enum Entry {
    ADMITTED,
    NODE_FULL,
    PEER_FULL
  }

  public Peers(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Counts a connection; only one that was admitted must {@link #leave}. */
  Entry enter(InetAddress address) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      return Entry.NODE_FULL;
    }
    Object peer = peer(address);
    if (byPeer.merge(peer, 1, Integer::sum) > mostOfOne) {
      leave(address);
      return Entry.PEER_FULL;
    }
    return Entry.ADMITTED;
  }

  void leave(InetAddress address) {
    open.decrementAndGet();
    byPeer.computeIfPresent(peer(address), (peer, count) -> count == 1 ? null : count - 1);
  }

  /** Connections that are open now. */
  public int open() {
    return open.get();
  }

  int peers() {
    return byPeer.size();
  }

  private static Object peer(InetAddress address) {
    return address instanceof Inet6Address six
        ? (Object) ByteBuffer.wrap(six.getAddress()).getLong()
        : address;
  }
}
