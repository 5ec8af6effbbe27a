package io.livehook.it.bench;

import static io.livehook.it.Eventually.after;

import io.livehook.it.http.Pump;
import io.livehook.it.load.Ledger;
import io.livehook.it.load.Publishers;
import io.livehook.it.process.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code make profile}: the broker at saturation under JFR, then where its CPU goes. */
public final class Profile {
  private Profile() {}

  /** The flags of {@link Bench}; {@code --fanouts 10,1} unless given. */
  public static void main(String[] arguments) throws IOException {
    List<String> flags = new ArrayList<>(List.of("--fanouts", "10,1"));
    flags.addAll(Arrays.asList(arguments));
    Options options = Options.parse(flags.toArray(String[]::new));
    for (int fanout : options.fanouts()) {
      Path recording = record(options, fanout);
      System.out.printf("%nfan-out %d, %s%n", fanout, recording);
      new Recording(recording).print();
    }
  }

  private static Path record(Options options, int fanout) {
    Path file = Path.of("target", "fanout-" + fanout + ".jfr").toAbsolutePath();
    try (Arrivals sink = Arrivals.start();
        Rig rig =
            new Rig(
                options,
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+DebugNonSafepoints",
                "-XX:FlightRecorderOptions:stackdepth=256")) {
      rig.subscribe(Throughput.RESOURCES, fanout, sink.port());
      try (Backlog backlog = new Backlog(sink, fanout)) {
        Publishers publishers =
            new Publishers(
                rig.target(), Throughput.RESOURCES, 64, false, backlog.pace(), Ledger.none());
        backlog.watch(publishers);
        try (Pump pump = publishers.start("publishers", rig.target().port())) {
          after(options.warmUp());
          jcmd(rig, cpuTime("JFR.start", "name=bench", "settings=profile"));
          Usage before = Usage.of(rig, sink, publishers.acknowledged());
          after(options.window());
          System.out.println(Usage.of(rig, sink, publishers.acknowledged()).since(before).line());
          jcmd(rig, "JFR.stop", "name=bench", "filename=" + file);
        }
      }
    }
    return file;
  }

  /** Adds samples by CPU time where the JDK can; otherwise the classic Java and native samples. */
  private static String[] cpuTime(String... command) {
    String[] options =
        Runtime.version().feature() >= 25
            ? new String[] {"jdk.CPUTimeSample#enabled=true", "jdk.CPUTimeSample#throttle=3ms"}
            : new String[] {"jdk.ExecutionSample#period=10ms"};
    return Stream.concat(Arrays.stream(command), Arrays.stream(options)).toArray(String[]::new);
  }

  private static void jcmd(Rig rig, String... command) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(BrokerProcess.java()).resolveSibling("jcmd").toString());
    line.add(Long.toString(rig.broker().pid()));
    line.addAll(Arrays.asList(command));
    try {
      Process process = new ProcessBuilder(line).inheritIO().start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException(line + " does not end");
      }
    } catch (IOException failure) {
      throw new IllegalStateException("a JDK with jcmd is needed", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
