package io.livehook.command;

import io.livehook.platform.Mode;
import io.livehook.platform.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "dev",
    description =
        "Starts a broker to try: embedded PostgreSQL, keys in a file. Not for production.",
    mixinStandardHelpOptions = true)
final class Dev implements Callable<Integer> {
  /** Put there at the first start, so that there is something to subscribe to. */
  private static final String SAMPLE = "https://example.com/hello";

  private static final String INBOX_PORT = "inbox-port";
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--port", paramLabel = "N", description = "Port to listen on; default 8080.")
  private @Nullable Integer port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Folder of the embedded database and the keys; default ./livehook-data.")
  private @Nullable Path dataDir;

  @Override
  public Integer call() throws Exception {
    StopSignal stop = StopSignal.install();
    PrintWriter out = spec.commandLine().getOut();
    Settings loaded = settings.gather(Mode.DEV, flags()).load();
    RunningBroker.checkPort(loaded.http());
    out.println("Livehook starts, database in " + loaded.node().dataDir() + " …");
    try (DevGround ground = DevGround.prepare(loaded);
        RunningBroker broker = RunningBroker.start(ground.settings());
        Inbox inbox = Inbox.open(broker.vertx(), inboxPort(ground), got -> show(out, got))) {
      if (broker.awaitReady(stop)) {
        Files.writeString(inboxFile(ground), Integer.toString(inbox.port()));
        sample(new Client(broker.localUrl(), ground.keys()));
        out.print(welcome(ground, broker, inbox));
        out.flush();
        stop.await();
        out.println("Stopping: finishing what is in flight, then the database.");
      }
    }
    out.println("Stopped.");
    return Exit.OK;
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    if (port != null) {
      flags.put("http.port", port.toString());
    }
    if (dataDir != null) {
      flags.put("data.dir", dataDir.toString());
    }
    return flags;
  }

  private static void sample(Client client) throws IOException {
    if (!client.knows(SAMPLE)) {
      client.put(SAMPLE, "first value");
    }
  }

  private static void show(PrintWriter out, Inbox.Arrival got) {
    out.printf("  inbox: POST %s  %s  %s%n", got.path(), got.id(), got.shown());
  }

  private static String welcome(DevGround ground, RunningBroker broker, Inbox inbox) {
    DevKeys keys = ground.keys();
    Client client = new Client(broker.baseUrl(), keys);
    Version version = new Version();
    Path folder = ground.settings().node().dataDir();
    double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    String url = client.url(SAMPLE);
    String api = broker.baseUrl() + "/api/v1/subscriptions";
    return """

    Livehook %s · Java %d · PostgreSQL %s (embedded, %s)   ready in %.1f s
    URL       %s   (/openapi.json, /readyz)
    Keys      %s   of tenant %s:
              origin    %s
              consumer  %s
              operator  %s
    Inbox     %s   prints here what it receives
    DEV MODE: embedded database, plain HTTP, loopback callbacks allowed, keys on screen. Not for production.

    Try it: subscribe the inbox, change the value, look at the deliveries.

    curl -X POST -H 'Authorization: Bearer %s' -d callback_uri=%s '%s/subscriptions/'

    curl -X PUT -H 'Authorization: Bearer %s' -H 'Content-Type: text/plain' --data 'hello, world' '%s'

    curl -H 'Authorization: Bearer %s' "%s/$(curl -s -H 'Authorization: Bearer %s' '%s' | grep -o 'sub_[a-z0-9]*' | head -n 1)/deliveries"

    """
        .formatted(
            version.number(),
            Runtime.version().feature(),
            version.postgres(),
            folder,
            seconds,
            broker.baseUrl(),
            folder.resolve(DevKeys.FILE),
            keys.tenant(),
            keys.origin(),
            keys.consumer(),
            keys.operator(),
            inbox.url("/"),
            keys.consumer(),
            Client.encode(inbox.url("/inbox")),
            url,
            keys.origin(),
            url,
            keys.operator(),
            api,
            keys.operator(),
            api);
  }

  /** The same port as last time, so that yesterday's subscriptions still find the inbox. */
  private static int inboxPort(DevGround ground) throws IOException {
    Path file = inboxFile(ground);
    String text = Files.exists(file) ? Files.readString(file).strip() : "";
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
  }

  private static Path inboxFile(DevGround ground) {
    return ground.folder().path().resolve(INBOX_PORT);
  }
}
