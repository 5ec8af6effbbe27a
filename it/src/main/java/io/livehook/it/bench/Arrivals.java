package io.livehook.it.bench;

/** The receiving end of a throughput run, in processes of its own. */
interface Arrivals extends AutoCloseable {
  String name();

  int port();

  long count();

  long cpuMicros();

  @Override
  void close();

  /** nginx where it is installed, else the sink of this module. */
  static Arrivals start() {
    return NginxArrivals.installed() ? new NginxArrivals() : new BundledArrivals();
  }
}
