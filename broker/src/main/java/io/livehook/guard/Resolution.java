package io.livehook.guard;

import java.net.InetAddress;
import java.util.List;

/**
 * What a name came to: addresses that may be connected to, or the reason why there are none. The
 * list takes turns at its head when a connection fails. Belongs to one thread.
 */
public final class Resolution {
  /** How it ended. */
  public enum Kind {
    CLEAN,
    BLOCKED,
    UNKNOWN
  }

  static final Resolution BLOCKED = new Resolution(Kind.BLOCKED, List.of());
  static final Resolution UNKNOWN = new Resolution(Kind.UNKNOWN, List.of());

  private final Kind kind;
  private final String[] addresses;
  private int head;

  private Resolution(Kind kind, List<InetAddress> addresses) {
    this.kind = kind;
    this.addresses =
        addresses.stream().map(InetAddress::getHostAddress).distinct().toArray(String[]::new);
  }

  static Resolution clean(List<InetAddress> addresses) {
    return new Resolution(Kind.CLEAN, addresses);
  }

  public Kind kind() {
    return kind;
  }

  /** The address to connect to, as a literal. */
  public String address() {
    return addresses[head];
  }

  public int size() {
    return addresses.length;
  }

  /** It did not answer: the next one is tried first, as long as these addresses are kept. */
  public void failed(String address) {
    if (addresses[head].equals(address)) {
      head = (head + 1) % addresses.length;
    }
  }
}
