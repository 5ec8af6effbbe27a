package io.livehook.it.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One measured window of the broker; CPU in µs and WAL in bytes, both per delivery. */
record Sample(
    double deliveriesPerSecond,
    double acksPerSecond,
    double brokerCpu,
    double postgresCpu,
    double sinkCpu,
    double loadCpu,
    double wal,
    double busy) {

  static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return median(samples.stream().map(figure::applyAsDouble).toList());
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  String line() {
    return "%,.0f deliveries/s  %,.0f acks/s  µs: broker %.1f postgres %.1f sink %.1f load %.1f  WAL %.0f B  busy %.0f %%"
        .formatted(
            deliveriesPerSecond,
            acksPerSecond,
            brokerCpu,
            postgresCpu,
            sinkCpu,
            loadCpu,
            wal,
            busy * 100);
  }
}
