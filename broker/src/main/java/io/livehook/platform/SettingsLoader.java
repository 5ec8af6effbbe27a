package io.livehook.platform;

import io.livehook.guard.GuardList;
import io.livehook.guard.GuardPolicy;
import io.livehook.platform.SettingsException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers settings from flags, environment, file and defaults (the first that speaks wins), checks
 * all of them and complains about everything at once. Runs once at start, on the main thread.
 */
public final class SettingsLoader {
  private static final String PREFIX = "LIVEHOOK_";
  private final Mode mode;
  private final Map<String, Entry> entries = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  /** A text and where it came from. */
  private record Entry(String text, String source) {}

  /** One line of {@code check-config --print}. */
  public record Line(String key, String value, String source) {}

  private SettingsLoader(Mode mode) {
    this.mode = mode;
  }

  /**
   * @param flags from the command line, by key name
   * @param environment of the process, all of it
   * @param file a YAML or properties file, if there is one
   */
  public static SettingsLoader gather(
      Mode mode, Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {
    SettingsLoader loader = new SettingsLoader(mode);
    loader.addDefaults();
    file.ifPresent(loader::addFile);
    loader.addEnvironment(environment);
    loader.addAll(flags, "flag");
    return loader;
  }

  /** The checked settings, or every fault. */
  public Settings load() throws SettingsException {
    Settings settings = read();
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
    return settings;
  }

  /** All keys with their values (secrets masked) and sources, in the table's order. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (Key<?> key : Key.all()) {
      Entry entry = entries.getOrDefault(key.name(), new Entry("", "not set"));
      lines.add(new Line(key.name(), key.masked(entry.text()), entry.source()));
    }
    return lines;
  }

  private void addDefaults() {
    for (Key<?> key : Key.all()) {
      key.unsetIn(mode).ifPresent(text -> entries.put(key.name(), new Entry(text, "default")));
    }
  }

  private void addFile(Path file) {
    try {
      addAll(SettingsFile.read(file), "file " + file);
    } catch (IOException | IllegalArgumentException unreadable) {
      String why = String.valueOf(unreadable.getMessage());
      faults.add(new Fault("config", file.toString(), "flag --config", "cannot be read: " + why));
    }
  }

  private void addAll(Map<String, String> given, String source) {
    new TreeMap<>(given)
        .forEach(
            (name, text) -> {
              if (known(name)) {
                entries.put(name, new Entry(text, source));
              } else {
                String names = nearest(name, Key.all().stream().map(Key::name).toList());
                faults.add(new Fault(name, "", source, "unknown key; did you mean " + names + "?"));
              }
            });
  }

  private void addEnvironment(Map<String, String> environment) {
    Map<String, String> rest = new TreeMap<>(environment);
    rest.keySet().removeIf(name -> !name.startsWith(PREFIX) || reserved(name));
    for (Key<?> key : Key.all()) {
      String text = rest.remove(key.variable());
      if (text != null) {
        entries.put(key.name(), new Entry(text, "environment " + key.variable()));
      }
      String file = key.secret() ? rest.remove(key.variable() + "_FILE") : null;
      if (file != null) {
        addSecretFile(key, file, text != null);
      }
    }
    List<String> variables = Key.all().stream().map(Key::variable).toList();
    for (String unknown : rest.keySet()) {
      String fix = "unknown variable; did you mean " + nearest(unknown, variables) + "?";
      faults.add(new Fault(unknown, "", "environment", fix));
    }
  }

  private void addSecretFile(Key<?> key, String file, boolean alsoGiven) {
    String source = "environment " + key.variable() + "_FILE";
    if (alsoGiven) {
      String fix = "set either " + key.variable() + " or " + key.variable() + "_FILE, not both";
      faults.add(new Fault(key.name(), file, source, fix));
      return;
    }
    try {
      String text = Files.readString(Path.of(file)).strip();
      entries.put(key.name(), new Entry(text, source + " (" + file + ")"));
    } catch (IOException unreadable) {
      faults.add(new Fault(key.name(), file, source, "name a file that can be read"));
    }
  }

  private Settings read() {
    boolean needsDatabase = mode == Mode.SERVE;
    Optional<DatabaseUrl> database =
        needsDatabase || entries.containsKey(Key.DATABASE_URL.name())
            ? Optional.ofNullable(value(Key.DATABASE_URL))
            : Optional.empty();
    return new Settings(
        new Settings.Node(
            mode,
            value(Key.NODE_NAME, ""),
            value(Key.EVENT_LOOPS, 0),
            value(Key.DATA_DIR, Path.of("."))),
        new Settings.Http(
            value(Key.HTTP_HOST, ""),
            value(Key.HTTP_PORT, 0),
            value(Key.BASE_URL, Optional.empty()),
            value(Key.BODY_LIMIT, 0L),
            value(Key.TENANT_RATE, 0),
            value(Key.TENANT_INFLIGHT, 1),
            inbound()),
        database,
        new Settings.Lanes(
            value(Key.LANES, 1),
            value(Key.APPEND_BATCH, 1),
            value(Key.FLUSH_INTERVAL, Duration.ZERO),
            value(Key.MEMORY_BODIES, 0L),
            value(Key.LAG_LIMIT, Duration.ZERO),
            value(Key.LAG_UPDATES, 0)),
        new Settings.Delivery(
            value(Key.INFLIGHT_LOOP, 0),
            value(Key.INFLIGHT_HOST, 0),
            value(Key.ATTEMPT_DEADLINE, Duration.ZERO),
            value(Key.CONNECT_TIMEOUT, Duration.ZERO),
            value(Key.ANSWER_LIMIT, 0L).intValue()),
        outbound(),
        new Settings.Retries(value(Key.RETRY_SCHEDULE, List.of()), value(Key.BREAKER_FAILURES, 1)),
        new Settings.Retention(
            value(Key.RETENTION_LOG, Duration.ZERO),
            value(Key.RETENTION_TOMBSTONES, Duration.ZERO)),
        value(Key.KEY_PEPPER, Optional.empty()),
        masterKey());
  }

  private MasterKeySource masterKey() {
    MasterKeySource source =
        new MasterKeySource(
            value(Key.MASTER_KEY, Optional.empty()),
            value(Key.MASTER_KEY_FILE, Optional.empty()),
            value(Key.MASTER_KEY_COMMAND, Optional.empty()));
    if (source.named() > 1) {
      String fix = "set only one of master.key, master.key.file and master.key.command";
      faults.add(new Fault(Key.MASTER_KEY.name(), "", "more than one source", fix));
    }
    return source;
  }

  private Settings.Inbound inbound() {
    return new Settings.Inbound(
        value(Key.HTTP_CONNECTIONS, 1),
        value(Key.HTTP_CONNECTIONS_PEER, 1),
        value(Key.HTTP_HEAD_TIMEOUT, Duration.ZERO),
        value(Key.HTTP_BODY_TIMEOUT, Duration.ZERO),
        value(Key.HTTP_IDLE_TIMEOUT, Duration.ZERO),
        value(Key.HTTP_LINE_LIMIT, 0L).intValue(),
        value(Key.HTTP_FIELDS_LIMIT, 0L).intValue(),
        value(Key.HTTP_FIELDS, 1));
  }

  private Settings.Outbound outbound() {
    GuardPolicy policy =
        new GuardPolicy(
            value(Key.OUTBOUND_HTTP, false),
            value(Key.OUTBOUND_LITERALS, false),
            value(Key.OUTBOUND_NAT64_DROP, false),
            value(Key.OUTBOUND_ALLOW, GuardList.EMPTY),
            value(Key.OUTBOUND_DENY, GuardList.EMPTY),
            Set.of(),
            Set.of());
    Optional<Path> certificate = value(Key.OUTBOUND_CERTIFICATE, Optional.empty());
    Optional<Path> key = value(Key.OUTBOUND_KEY, Optional.empty());
    if (certificate.isPresent() != key.isPresent()) {
      Key<?> missing = certificate.isPresent() ? Key.OUTBOUND_KEY : Key.OUTBOUND_CERTIFICATE;
      String fix = "a client certificate and its key are set together";
      faults.add(new Fault(missing.name(), "", "not set", fix));
    }
    return new Settings.Outbound(
        policy,
        value(Key.OUTBOUND_CONNECTIONS, 1),
        value(Key.OUTBOUND_AUTHORITIES, Optional.empty()),
        certificate,
        key,
        value(Key.OUTBOUND_PROXY, Optional.empty()));
  }

  /** The value, or a stand-in that nobody will see because a fault has been noted. */
  private <T> T value(Key<T> key, T standIn) {
    T value = value(key);
    return value == null ? standIn : value;
  }

  private <T> @Nullable T value(Key<T> key) {
    Entry entry = entries.get(key.name());
    if (entry == null) {
      String fix = "must be set, for example by " + key.variable();
      faults.add(new Fault(key.name(), "", "not set", fix));
      return null;
    }
    try {
      return key.kind().read().apply(entry.text());
    } catch (IllegalArgumentException broken) {
      String value = key.masked(entry.text());
      String fix = String.valueOf(broken.getMessage());
      faults.add(new Fault(key.name(), value.isEmpty() ? "''" : value, entry.source(), fix));
      return null;
    }
  }

  private static boolean known(String name) {
    return Key.all().stream().anyMatch(key -> key.name().equals(name));
  }

  /** Variables that are not settings: where the file is, and what tests are told. */
  private static boolean reserved(String variable) {
    return variable.equals("LIVEHOOK_CONFIG") || variable.startsWith("LIVEHOOK_TEST_");
  }

  private static String nearest(String wrong, List<String> right) {
    return right.stream()
        .min(Comparator.comparingInt(candidate -> distance(wrong, candidate)))
        .orElse("");
  }

  /** Levenshtein's edit distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
