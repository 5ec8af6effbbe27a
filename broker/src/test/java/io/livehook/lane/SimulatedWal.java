package io.livehook.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Write-ahead log of the simulated database: a crash keeps any prefix that holds every synchronous
 * commit, so it undoes asynchronous ones, newest first.
 */
final class SimulatedWal {
  /** 3 × wal_writer_delay, milliseconds: what is older is on disk. */
  private static final long WRITER = 600;

  private record Commit(long at, List<Runnable> undo) {}

  private final ArrayDeque<Commit> unsafe = new ArrayDeque<>();
  private List<Runnable> current = new ArrayList<>();

  /** Ends the transaction whose changes were made since the last call. */
  void commit(boolean synchronous, long now) {
    if (synchronous) {
      unsafe.clear();
    } else if (!current.isEmpty()) {
      while (!unsafe.isEmpty() && unsafe.element().at < now - WRITER) {
        unsafe.remove();
      }
      unsafe.add(new Commit(now, current));
    }
    current = new ArrayList<>();
  }

  /** Asynchronous commits that a crash at {@code now} may lose. */
  int atRisk(long now) {
    while (!unsafe.isEmpty() && unsafe.element().at < now - WRITER) {
      unsafe.remove();
    }
    return unsafe.size();
  }

  /** Undoes the newest commits. */
  void lose(int commits) {
    for (int i = 0; i < commits; i++) {
      List<Runnable> undo = unsafe.removeLast().undo;
      for (int j = undo.size() - 1; j >= 0; j--) {
        undo.get(j).run();
      }
    }
    unsafe.clear();
  }

  /** A table, sorted by its key. */
  final class Table<K extends Comparable<K>, V> {
    private final TreeMap<K, V> rows = new TreeMap<>();

    @Nullable V get(K key) {
      return rows.get(key);
    }

    boolean has(K key) {
      return rows.containsKey(key);
    }

    void put(K key, V row) {
      V before = rows.put(key, row);
      current.add(() -> restore(key, before));
    }

    @Nullable V remove(K key) {
      V before = rows.remove(key);
      if (before != null) {
        current.add(() -> restore(key, before));
      }
      return before;
    }

    private void restore(K key, @Nullable V before) {
      if (before == null) {
        rows.remove(key);
      } else {
        rows.put(key, before);
      }
    }

    Collection<V> values() {
      return rows.values();
    }

    /** Rows with low ≤ key ≤ high; a view. */
    Map<K, V> between(K low, K high) {
      return rows.subMap(low, true, high, true);
    }

    Map.@Nullable Entry<K, V> last(K low, K high) {
      return rows.subMap(low, true, high, true).lastEntry();
    }

    int size() {
      return rows.size();
    }
  }
}
