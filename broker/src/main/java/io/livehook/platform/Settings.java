package io.livehook.platform;

import io.livehook.guard.GuardPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All settings, checked, one record per reader. Immutable; made by {@link SettingsLoader}. What the
 * keys mean and what holds by default: {@link Key}.
 */
public record Settings(
    Node node,
    Http http,
    Optional<DatabaseUrl> database,
    Lanes lanes,
    Delivery delivery,
    Outbound outbound,
    Retries retries,
    Retention retention,
    Optional<Secret> keyPepper,
    MasterKeySource masterKey) {
  private static final Secret NO_PEPPER = new Secret("livehook");

  public record Node(Mode mode, String name, int eventLoops, Path dataDir) {}

  public record Http(
      String host,
      int port,
      Optional<String> configuredBaseUrl,
      long bodyLimit,
      int tenantRate,
      int tenantInFlight,
      Inbound inbound) {
    /** The public URL without a slash at its end; needs the port that was really bound. */
    public String baseUrl(int boundPort) {
      return configuredBaseUrl.orElseGet(() -> "http://localhost:" + boundPort);
    }
  }

  /** How many connections there may be, how long they may take, how much a head may hold. */
  public record Inbound(
      int connections,
      int connectionsPerPeer,
      Duration headTimeout,
      Duration bodyTimeout,
      Duration idleTimeout,
      int lineLimit,
      int fieldsLimit,
      int fields) {}

  public record Lanes(
      int count,
      int appendBatch,
      Duration flushInterval,
      long bodiesInMemory,
      Duration lagLimit,
      int lagUpdates) {}

  public record Delivery(
      int inFlightPerLoop,
      int inFlightPerHost,
      Duration deadline,
      Duration connectTimeout,
      int answerLimit) {}

  /** Where we may connect to, whom TLS trusts, as whom it shows itself, and the way out. */
  public record Outbound(
      GuardPolicy guard,
      int connections,
      Optional<Path> authorities,
      Optional<Path> certificate,
      Optional<Path> key,
      Optional<URI> proxy) {}

  public record Retries(List<Duration> schedule, int breakerFailures) {}

  public record Retention(Duration log, Duration tombstones) {}

  /**
   * The database, which {@code serve} has from its settings and {@code dev} from its data folder.
   */
  public DatabaseUrl databaseUrl() {
    return database.orElseThrow(() -> new IllegalStateException("no database.url"));
  }

  /**
   * What API keys are hashed with. Their secrets have 256 bits of chance, so an installation may go
   * without a pepper of its own.
   */
  public Secret pepper() {
    return keyPepper.orElse(NO_PEPPER);
  }

  /** The same with the number of event loops that "one per processor" stands for. */
  public Settings withEventLoops(int eventLoops) {
    return new Settings(
        new Node(node.mode(), node.name(), eventLoops, node.dataDir()),
        http,
        database,
        lanes,
        delivery,
        outbound,
        retries,
        retention,
        keyPepper,
        masterKey);
  }

  public Settings withDatabase(DatabaseUrl url) {
    return new Settings(
        node,
        http,
        Optional.of(url),
        lanes,
        delivery,
        outbound,
        retries,
        retention,
        keyPepper,
        masterKey);
  }

  public Settings withKeyPepper(Secret pepper) {
    return new Settings(
        node,
        http,
        database,
        lanes,
        delivery,
        outbound,
        retries,
        retention,
        Optional.of(pepper),
        masterKey);
  }

  public Settings withMasterKey(MasterKeySource source) {
    return new Settings(
        node, http, database, lanes, delivery, outbound, retries, retention, keyPepper, source);
  }

  /** What runs a broker needs a master key, other commands do not. */
  public Settings needingMasterKey() throws SettingsException {
    if (!masterKey.given()) {
      String fix =
          "must be set, or master.key.file or master.key.command: secrets are stored encrypted."
              + " Make one with 'openssl rand -base64 32' and keep a copy elsewhere";
      throw new SettingsException(
          List.of(new SettingsException.Fault(Key.MASTER_KEY.name(), "", "not set", fix)));
    }
    return this;
  }
}
