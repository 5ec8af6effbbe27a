package io.livehook.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.livehook.it.process.BrokerProcess;
import io.livehook.it.process.ProcFs;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.time.Duration;

/** The raw client in a JVM of its own, kept warm between its turns; see {@link Raw}. */
final class RawProcess implements AutoCloseable {
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  RawProcess(Options options, int sinkPort) {
    try {
      process =
          new ProcessBuilder(
                  BrokerProcess.java(),
                  "-Xmx512m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Dlogback.configurationFile=bench-logback.xml",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Raw.class.getName(),
                  Integer.toString(sinkPort),
                  Integer.toString(options.loops()),
                  Integer.toString(options.inFlight()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    expect("ready");
  }

  long cpuMicros() {
    return ProcFs.cpuMicros(process.pid());
  }

  /** As fast as answers come back; returns when it has begun. */
  void start() {
    say("saturate");
    expect("started");
  }

  /** Returns when nothing is in flight any more. */
  void stop() {
    say("stop");
    expect("stopped");
  }

  /** POSTs at a fixed rate whose bodies carry the instant they were started. */
  void rate(int perSecond, Duration time) {
    say("rate " + perSecond + " " + time.toSeconds());
    expect("stopped");
  }

  @Override
  public void close() {
    process.destroy();
  }

  private void say(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void expect(String answer) {
    try {
      String line = answers.readLine();
      if (!answer.equals(line)) {
        throw new IllegalStateException("the raw client said " + line + " instead of " + answer);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
