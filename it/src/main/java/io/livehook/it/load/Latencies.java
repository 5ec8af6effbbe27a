package io.livehook.it.load;

import java.util.Arrays;

/** Collects nanoseconds and tells quantiles; one thread writes, others read after it has ended. */
public final class Latencies {
  private long[] values = new long[1 << 16];
  private int size;

  public void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = nanos;
  }

  public int size() {
    return size;
  }

  /** In milliseconds; NaN without samples. */
  public double quantile(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(size - 1L, (long) Math.ceil(share * size) - 1)] / 1e6;
  }
}
