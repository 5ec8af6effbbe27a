package io.livehook.command;

import io.livehook.platform.Logs;
import io.livehook.platform.Migrations;
import io.livehook.platform.Mode;
import io.livehook.platform.Settings;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = "Starts the broker on the PostgreSQL of database.url; logs JSON lines.",
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--port", paramLabel = "N", description = "Port to listen on; default 8080.")
  private @Nullable Integer port;

  @Override
  public Integer call() throws Exception {
    StopSignal stop = StopSignal.install();
    Integer given = port;
    Map<String, String> flags = given == null ? Map.of() : Map.of("http.port", given.toString());
    Settings loaded = settings.gather(Mode.SERVE, flags).load().needingMasterKey();
    RunningBroker.checkPort(loaded.http());
    Settings complete = loaded.withKeyPepper(loaded.pepper());
    Logs.jsonLines();
    int steps = new Migrations(complete.databaseUrl()).migrate();
    LOG.atInfo()
        .addKeyValue("event", "schema.current")
        .addKeyValue("database", complete.databaseUrl())
        .addKeyValue("migrations", steps)
        .log("The database has this version's schema; the broker starts");
    try (RunningBroker broker = RunningBroker.start(complete)) {
      if (broker.awaitReady(stop)) {
        ready(broker);
        stop.await();
      }
      LOG.atInfo()
          .addKeyValue("event", "broker.stopping")
          .log("Asked to stop: accepting nothing more, finishing what is in flight");
    }
    LOG.atInfo().addKeyValue("event", "broker.stopped").log("Stopped");
    return Exit.OK;
  }

  private static void ready(RunningBroker broker) {
    LOG.atInfo()
        .addKeyValue("event", "broker.ready")
        .addKeyValue("url", broker.baseUrl())
        .addKeyValue("port", broker.port())
        .addKeyValue("version", new Version().number())
        .addKeyValue("after_ms", ManagementFactory.getRuntimeMXBean().getUptime())
        .log("Ready");
  }
}
