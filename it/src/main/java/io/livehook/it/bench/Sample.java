package io.livehook.it.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

  /** Medians of CPU and WAL per delivery. */
  static void putCpu(List<Sample> samples, ObjectNode result) {
    ObjectNode cpu = result.putObject("cpu_us");
    cpu.put("broker", median(samples, Sample::brokerCpu));
    cpu.put("postgres", median(samples, Sample::postgresCpu));
    cpu.put("sink", median(samples, Sample::sinkCpu));
    cpu.put("load", median(samples, Sample::loadCpu));
    result.put("wal_bytes", median(samples, Sample::wal));
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
