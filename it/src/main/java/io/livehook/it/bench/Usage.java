package io.livehook.it.bench;

import io.livehook.it.process.ProcFs;

/** Counters at one moment; two of them make a {@link Sample}. */
record Usage(
    long at,
    long acknowledged,
    long arrivals,
    long broker,
    long postgres,
    long sink,
    long load,
    long wal,
    ProcFs.MachineCpu machine) {

  static Usage of(Rig rig, Arrivals sink, long acknowledged) {
    long broker = ProcFs.cpuMicros(rig.broker().pid());
    long postgres = rig.postgres().cpuMicros();
    long load = ProcFs.cpuMicros(ProcessHandle.current().pid());
    long wal = rig.walBytes();
    return new Usage(
        System.nanoTime(),
        acknowledged,
        sink.count(),
        broker,
        postgres,
        sink.cpuMicros(),
        load,
        wal,
        ProcFs.machine());
  }

  Sample since(Usage before) {
    double seconds = (at - before.at) / 1e9;
    double deliveries = Math.max(1, arrivals - before.arrivals);
    return new Sample(
        (arrivals - before.arrivals) / seconds,
        (acknowledged - before.acknowledged) / seconds,
        (broker - before.broker) / deliveries,
        (postgres - before.postgres) / deliveries,
        (sink - before.sink) / deliveries,
        (load - before.load) / deliveries,
        (wal - before.wal) / deliveries,
        machine.shareSince(before.machine));
  }
}
