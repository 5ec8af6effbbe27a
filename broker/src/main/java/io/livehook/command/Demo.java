package io.livehook.command;

import io.livehook.platform.Mode;
import io.livehook.platform.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Starts broker, a sample origin and receivers that check signatures; shows what arrives.",
      "Ends by itself: 0 if every update arrived with a good signature."
    },
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  private static final List<String> RESOURCES =
      List.of("https://weather.example/berlin", "https://shop.example/stock/42");
  private static final List<String> CALLBACKS = List.of("/display", "/archive");
  private static final Duration BETWEEN_UPDATES = Duration.ofMillis(250);
  private static final int LOOKS = 300;
  private static final Duration LOOK = Duration.ofMillis(100);
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--updates", paramLabel = "N", description = "Updates per resource; default 3.")
  private int updates = 3;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Folder to keep everything in; default a temporary one, deleted at the end.")
  private @Nullable Path dataDir;

  @Override
  public Integer call() throws Exception {
    Path given = dataDir;
    Path folder = given == null ? Files.createTempDirectory("livehook-demo-") : given;
    try {
      return run(folder);
    } finally {
      if (given == null) {
        delete(folder);
      }
    }
  }

  private int run(Path folder) throws Exception {
    StopSignal stop = StopSignal.install();
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> flags =
        Map.of("data.dir", folder.toString(), "http.port", "" + Inbox.freePort());
    Settings loaded = settings.gather(Mode.DEV, flags).load();
    out.println("Starting PostgreSQL and the broker …");
    DemoLedger ledger = new DemoLedger(out);
    try (DevGround ground = DevGround.prepare(loaded);
        RunningBroker broker = RunningBroker.start(ground.settings());
        Inbox inbox = Inbox.open(broker.vertx(), 0, ledger::arrived)) {
      if (broker.awaitReady(stop)) {
        out.println("Broker   " + broker.localUrl() + ", tenant " + ground.keys().tenant());
        Client client = new Client(broker.localUrl(), ground.keys());
        subscribe(client, inbox, ledger, out);
        publish(client, ledger, out, stop);
        await(ledger, stop);
      }
    }
    out.println();
    out.println(ledger.summary());
    return ledger.complete() && ledger.expected() > 0 ? Exit.OK : Exit.FAILED;
  }

  private static void subscribe(Client client, Inbox inbox, DemoLedger ledger, PrintWriter out)
      throws IOException {
    for (int i = 0; i < RESOURCES.size(); i++) {
      String resource = RESOURCES.get(i);
      client.put(resource, "value before anybody listens");
      for (String callback : CALLBACKS) {
        String path = callback + "/" + i;
        ledger.subscribed(path, resource, client.subscribe(resource, inbox.url(path)));
        out.println("Receiver " + inbox.url(path) + " subscribed to " + resource);
      }
    }
  }

  private void publish(Client client, DemoLedger ledger, PrintWriter out, StopSignal stop)
      throws IOException, InterruptedException {
    for (int number = 1; number <= updates; number++) {
      for (String resource : RESOURCES) {
        String value = "value " + number + " of " + resource;
        ledger.published(resource, value);
        out.println("Origin   PUT " + resource + "  \"" + value + "\"");
        client.put(resource, value);
        if (stop.await(BETWEEN_UPDATES)) {
          return;
        }
      }
    }
  }

  private static void await(DemoLedger ledger, StopSignal stop) throws InterruptedException {
    for (int look = 0; look < LOOKS && !ledger.complete(); look++) {
      if (stop.await(LOOK)) {
        return;
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
