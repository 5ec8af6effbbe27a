package io.livehook.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.livehook.it.process.BrokerProcess;
import io.livehook.it.process.ProcFs;
import io.livehook.it.receiver.Sink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;

/** The bundled sink in a JVM of its own. */
final class BundledArrivals implements Arrivals {
  private final Process process;
  private final int port;

  BundledArrivals() {
    try {
      process =
          new ProcessBuilder(
                  BrokerProcess.java(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Sink.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader output =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      port = Integer.parseInt(String.valueOf(output.readLine()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public String name() {
    return "bundled sink";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public long count() {
    return Long.parseLong(TinyGet.body(port, "/count"));
  }

  @Override
  public long cpuMicros() {
    return ProcFs.cpuMicros(process.pid());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
