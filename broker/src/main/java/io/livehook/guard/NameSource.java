package io.livehook.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Asks DNS for every A and AAAA record of a name; the library that does it is the user's choice.
 */
@FunctionalInterface
public interface NameSource {
  void ask(String name, Answer answer);

  /** Told once, on the asker's thread. */
  interface Answer {
    /** All addresses, at least one, and how long they may be kept. */
    void addresses(List<InetAddress> all, Duration ttl);

    /** There are none, or none came in time. */
    void none();
  }
}
