package io.livehook.platform;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was used lately, for one event loop: two generations, of which the older is dropped
 * when the younger is full. A look-up is that of a plain map, a tenth of what a cache for many
 * threads costs on the hot path.
 */
public final class Remembered<K, V> {
  private final int mostWeight;
  private Map<K, V> young = new HashMap<>();
  private Map<K, V> old = new HashMap<>();
  private long weight;

  /** Holds entries of this weight together, twice. */
  public Remembered(int mostWeight) {
    this.mostWeight = mostWeight;
  }

  public @Nullable V get(K key) {
    V value = young.get(key);
    return value == null ? old.get(key) : value;
  }

  public void put(K key, V value, int itsWeight) {
    young.put(key, value);
    weight += itsWeight;
    if (weight > mostWeight) {
      old = young;
      young = new HashMap<>();
      weight = 0;
    }
  }
}
