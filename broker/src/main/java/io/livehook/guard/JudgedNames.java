package io.livehook.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and what they came to, judged when they were resolved and kept for their TTL, at most 30 s;
 * failures 5 s. Bounded: the oldest name is forgotten first. Those who ask for a name that is being
 * resolved share the answer. Belongs to one thread.
 */
public final class JudgedNames {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration FAILED = Duration.ofSeconds(5);

  private final Guard guard;
  private final NameSource source;
  private final Map<String, Kept> entries;

  /** Where the answer goes; at once when it is known. */
  @FunctionalInterface
  public interface Asker {
    void resolved(Resolution resolution);
  }

  private static final class Kept {
    @Nullable Resolution resolution;
    long until;
    final List<Asker> waiting = new ArrayList<>(1);
  }

  public JudgedNames(Guard guard, NameSource source, int most) {
    this.guard = guard;
    this.source = source;
    this.entries =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * @param name in lower case, as the guard has it
   * @param now of the monotonic clock, in nanoseconds
   */
  public void find(String name, long now, Asker asker) {
    Kept entry = entries.get(name);
    if (entry != null) {
      Resolution known = entry.resolution;
      if (known == null) {
        entry.waiting.add(asker);
        return;
      }
      if (now - entry.until < 0) {
        asker.resolved(known);
        return;
      }
      entries.remove(name);
    }
    Kept asked = new Kept();
    asked.waiting.add(asker);
    entries.put(name, asked);
    source.ask(name, new Judging(asked, now));
  }

  /** Judges the answer, keeps it, and hands it to everyone who waits. */
  private final class Judging implements NameSource.Answer {
    private final Kept entry;
    private final long asked;

    Judging(Kept entry, long asked) {
      this.entry = entry;
      this.asked = asked;
    }

    @Override
    public void addresses(List<InetAddress> all, Duration ttl) {
      List<InetAddress> clean = guard.clean(all);
      Resolution judged = clean.isEmpty() ? Resolution.BLOCKED : Resolution.clean(clean);
      settle(judged, ttl.compareTo(LONGEST) < 0 ? ttl : LONGEST);
    }

    @Override
    public void none() {
      settle(Resolution.UNKNOWN, FAILED);
    }

    private void settle(Resolution resolution, Duration kept) {
      if (entry.resolution != null) {
        return;
      }
      entry.resolution = resolution;
      entry.until = asked + kept.toNanos();
      List<Asker> all = List.copyOf(entry.waiting);
      entry.waiting.clear();
      all.forEach(each -> each.resolved(resolution));
    }
  }
}
