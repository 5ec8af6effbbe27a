package io.livehook.platform;

import io.livehook.guard.GuardList;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of settings: name, meaning, default. Documentation, checks, environment variables and
 * messages all come from here. Immutable.
 *
 * @param name as in files and {@code --set}; the variable is made from it
 * @param unset what holds in {@code serve} when nobody says anything; none = must be given
 * @param unsetInDev the same in {@code dev}
 */
public record Key<T>(
    String name,
    Kind<T> kind,
    Optional<String> unset,
    Optional<String> unsetInDev,
    String description) {

  static final Key<String> NODE_NAME =
      key(
          "node.name",
          Kind.text("[A-Za-z0-9._-]{1,63}"),
          "livehook",
          "Name of this process among those that share the database. One process per name; a"
              + " restart under the same name takes its lanes back at once.");
  static final Key<Path> DATA_DIR =
      key(
          "data.dir",
          Kind.folder(),
          "./livehook-data",
          "Folder of the embedded database and of the keys that `dev` makes.");
  static final Key<Integer> EVENT_LOOPS =
      key(
          "event.loops",
          Kind.count(0, 128),
          "0",
          "Event loops that own lanes; 0 = one per processor.");
  static final Key<String> HTTP_HOST =
      key(
          "http.host",
          Kind.text("[A-Za-z0-9.:_-]{1,253}"),
          "0.0.0.0",
          "127.0.0.1",
          "Address to listen on.");
  static final Key<Integer> HTTP_PORT =
      key("http.port", Kind.count(0, 65535), "8080", "Port to listen on; 0 = any free one.");
  static final Key<Optional<String>> BASE_URL =
      key(
          "base.url",
          optional(Kind.baseUrl()),
          "",
          "URL under which others reach this broker; it stands in links and answers. Empty ="
              + " http://localhost:PORT.");
  static final Key<Long> BODY_LIMIT =
      key(
          "body.limit",
          Kind.size("1KiB", "64MiB"),
          "1MiB",
          "Largest body of an update; a larger one is answered 413.");
  static final Key<Integer> HTTP_CONNECTIONS =
      key(
          "http.connections",
          Kind.count(1, 1_000_000),
          "10000",
          "Inbound connections that this node keeps open at once; past it the answer is 503. The"
              + " limit of open files must be larger.");
  static final Key<Integer> HTTP_CONNECTIONS_PEER =
      key(
          "http.connections.peer",
          Kind.count(1, 1_000_000),
          "1000",
          "The same from one address (IPv6: one /64); past it the answer is 429. Behind a proxy"
              + " all come from its address.");
  static final Key<Duration> HTTP_HEAD_TIMEOUT =
      key(
          "http.head.timeout",
          Kind.duration("100ms", "1h"),
          "10s",
          "Time for a request's line and header fields, and for a new connection to send any; past"
              + " it 408.");
  static final Key<Duration> HTTP_BODY_TIMEOUT =
      key(
          "http.body.timeout",
          Kind.duration("100ms", "1h"),
          "30s",
          "Time for a request's body, and a second more per 16 KiB that came; past it 408. It"
              + " stands still while the node itself does not read.");
  static final Key<Duration> HTTP_IDLE_TIMEOUT =
      key(
          "http.idle.timeout",
          Kind.duration("100ms", "1h"),
          "75s",
          "Time after which a connection without a request, or one that does not read its answer,"
              + " is closed.");
  static final Key<Long> HTTP_LINE_LIMIT =
      key(
          "http.line.limit",
          Kind.size("4KiB", "1MiB"),
          "64KiB",
          "Longest request line (it may hold two encoded URIs); past it 414.");
  static final Key<Long> HTTP_FIELDS_LIMIT =
      key(
          "http.fields.limit",
          Kind.size("4KiB", "1MiB"),
          "32KiB",
          "Most bytes of a request's header fields; past it 431.");
  static final Key<Integer> HTTP_FIELDS =
      key(
          "http.fields",
          Kind.count(16, 10_000),
          "128",
          "Most header fields of a request; past it 431.");
  static final Key<Integer> TENANT_RATE =
      key(
          "tenant.rate",
          Kind.count(0, 10_000_000),
          "50000",
          "0",
          "Requests per second with which one tenant's origins may push to this node; past it they"
              + " get 429. 0 = no limit.");
  static final Key<Integer> TENANT_INFLIGHT =
      key(
          "tenant.inflight",
          Kind.count(1, 1_000_000),
          "1000",
          "Pushes of one tenant that this node works on at once; past it they get 429.");
  static final Key<DatabaseUrl> DATABASE_URL =
      new Key<>(
          "database.url",
          Kind.database(),
          Optional.empty(),
          Optional.empty(),
          "PostgreSQL 15 or newer. `serve` needs it; `dev` always uses the embedded database.");
  static final Key<Integer> LANES =
      key(
          "lanes",
          Kind.count(1, 1024),
          "64",
          "Lanes the resources are spread over; fixed when the database is created.");
  static final Key<Integer> APPEND_BATCH =
      key("append.batch", Kind.count(1, 1000), "200", "Most updates in one append to the log.");
  static final Key<Duration> FLUSH_INTERVAL =
      key(
          "flush.interval",
          Kind.duration("1ms", "1s"),
          "50ms",
          "Longest time that the outcome of an attempt waits for its write.");
  static final Key<Long> MEMORY_BODIES =
      key(
          "memory.bodies",
          Kind.size("1MiB", "64GiB"),
          "64MiB",
          "Bodies held in memory for deliveries; past it they are read from the log.");
  static final Key<Duration> LAG_LIMIT =
      key(
          "lag.limit",
          Kind.duration("1s", "1d"),
          "60s",
          "Age of the oldest undelivered update past which origins get 429.");
  static final Key<Integer> LAG_UPDATES =
      key(
          "lag.updates",
          Kind.count(1, 1_000_000_000),
          "1000000",
          "Number of undelivered updates past which origins get 429.");
  static final Key<Integer> INFLIGHT_LOOP =
      key("inflight.loop", Kind.count(1, 100_000), "1000", "Attempts in flight per event loop.");
  static final Key<Integer> INFLIGHT_HOST =
      key(
          "inflight.host",
          Kind.count(1, 100_000),
          "64",
          "Attempts in flight per callback host and event loop; four times as many per registrable"
              + " domain.");
  static final Key<Duration> ATTEMPT_DEADLINE =
      key(
          "attempt.deadline",
          Kind.duration("1s", "30s"),
          "15s",
          "Time for one attempt, from the look-up of the name to the last byte of the answer.");
  static final Key<Duration> CONNECT_TIMEOUT =
      key(
          "connect.timeout",
          Kind.duration("100ms", "30s"),
          "5s",
          "Time to connect to a callback, and as much again for TLS.");
  static final Key<Long> ANSWER_LIMIT =
      key(
          "answer.limit",
          Kind.size("1KiB", "1MiB"),
          "64KiB",
          "Most of a callback's answer that is read.");
  static final Key<Boolean> OUTBOUND_HTTP =
      key(
          "outbound.http",
          Kind.flag(),
          "false",
          "true",
          "Whether plain http is connected to; port 80 is allowed with it.");
  static final Key<GuardList> OUTBOUND_ALLOW =
      key(
          "outbound.allow",
          Kind.guardList(),
          "",
          "127.0.0.0/8,::1,localhost,:*",
          "What may be connected to beside public names on port 443: addresses and prefixes, names"
              + " with all below them, ports (`:8443`, `:*` = any). A name's addresses are judged"
              + " all the same. A cloud's metadata address is only allowed by naming exactly it.");
  static final Key<GuardList> OUTBOUND_DENY =
      key(
          "outbound.deny",
          Kind.guardList(),
          "",
          "What may never be connected to, written as in `outbound.allow`, which it overrules.");
  static final Key<Boolean> OUTBOUND_LITERALS =
      key(
          "outbound.literals",
          Kind.flag(),
          "false",
          "Whether a URL may have a public address in place of a name.");
  static final Key<Boolean> OUTBOUND_NAT64_DROP =
      key(
          "outbound.nat64.drop",
          Kind.flag(),
          "false",
          "Whether addresses that a DNS64 adds to a name with an IPv4 address are passed over;"
              + " otherwise they forbid the name.");
  static final Key<Integer> OUTBOUND_CONNECTIONS =
      key(
          "outbound.connections",
          Kind.count(1, 1_000_000),
          "10000",
          "Outbound connections of this process past which idle ones are closed. Busy ones are"
              + " bounded by `inflight.loop`. The limit of open files must be larger.");
  static final Key<Optional<Path>> OUTBOUND_AUTHORITIES =
      key(
          "outbound.authorities",
          optional(Kind.file()),
          "",
          "PEM file of certificate authorities that outbound TLS trusts beside the usual ones.");
  static final Key<Optional<Path>> OUTBOUND_CERTIFICATE =
      key(
          "outbound.certificate",
          optional(Kind.file()),
          "",
          "PEM file of the client certificate, with its chain, that outbound TLS shows.");
  static final Key<Optional<Path>> OUTBOUND_KEY =
      key(
          "outbound.key",
          optional(Kind.file()),
          "",
          "PEM file of the private key of `outbound.certificate`.");
  static final Key<Optional<URI>> OUTBOUND_PROXY =
      key(
          "outbound.proxy",
          optional(Kind.proxy()),
          "",
          "Proxy that all outbound connections go through: http://host:port (CONNECT) or"
              + " socks5://host:port. Names are looked up and judged here all the same. Proxies in"
              + " the environment are ignored.");
  static final Key<Integer> BREAKER_FAILURES =
      key(
          "breaker.failures",
          Kind.count(1, 1000),
          "5",
          "Failures in a row after which a callback counts as down and is only probed.");
  static final Key<List<Duration>> RETRY_SCHEDULE =
      key(
          "retry.schedule",
          Kind.schedule(),
          "5,300,1800,7200,18000,36000,50400,72000,86400",
          "Waits before the second and further attempts, each ±10 %; after the last the delivery is"
              + " dead.");
  static final Key<Duration> RETENTION_LOG =
      key("retention.log", Kind.duration("1h", "3650d"), "7d", "How long updates are kept.");
  static final Key<Duration> RETENTION_TOMBSTONES =
      key(
          "retention.tombstones",
          Kind.duration("1h", "3650d"),
          "30d",
          "How long ended subscriptions are remembered.");
  static final Key<Optional<Secret>> MASTER_KEY =
      key(
          "master.key",
          optional(Kind.secret(40)),
          "",
          "Wraps the keys that secrets are encrypted with: 32 random bytes in base64 (`openssl rand"
              + " -base64 32`). Several, comma-separated: the first one wraps, all of them open."
              + " One of `master.key`, `master.key.file`, `master.key.command` must be set; `dev`"
              + " makes one in the data folder. Whoever loses it loses all signing secrets.");
  static final Key<Optional<Path>> MASTER_KEY_FILE =
      key(
          "master.key.file",
          optional(Kind.file()),
          "",
          "File with master keys, one a line, the one that wraps first; read again when a key is"
              + " met that is not known.");
  static final Key<Optional<String>> MASTER_KEY_COMMAND =
      key(
          "master.key.command",
          optional(Kind.text(".{1,1000}")),
          "",
          "Command for `/bin/sh -c` that prints the master keys like such a file, within 20 s.");
  static final Key<Optional<Secret>> KEY_PEPPER =
      key(
          "key.pepper",
          optional(Kind.secret(16)),
          "",
          "Mixed into the stored hashes of API keys; the same on all nodes. A change makes every"
              + " key invalid. `dev` makes one in the data folder.");

  private static final List<Key<?>> ALL =
      List.of(
          NODE_NAME,
          DATA_DIR,
          EVENT_LOOPS,
          HTTP_HOST,
          HTTP_PORT,
          BASE_URL,
          BODY_LIMIT,
          HTTP_CONNECTIONS,
          HTTP_CONNECTIONS_PEER,
          HTTP_HEAD_TIMEOUT,
          HTTP_BODY_TIMEOUT,
          HTTP_IDLE_TIMEOUT,
          HTTP_LINE_LIMIT,
          HTTP_FIELDS_LIMIT,
          HTTP_FIELDS,
          TENANT_RATE,
          TENANT_INFLIGHT,
          DATABASE_URL,
          LANES,
          APPEND_BATCH,
          FLUSH_INTERVAL,
          MEMORY_BODIES,
          LAG_LIMIT,
          LAG_UPDATES,
          INFLIGHT_LOOP,
          INFLIGHT_HOST,
          ATTEMPT_DEADLINE,
          CONNECT_TIMEOUT,
          ANSWER_LIMIT,
          OUTBOUND_HTTP,
          OUTBOUND_ALLOW,
          OUTBOUND_DENY,
          OUTBOUND_LITERALS,
          OUTBOUND_NAT64_DROP,
          OUTBOUND_CONNECTIONS,
          OUTBOUND_AUTHORITIES,
          OUTBOUND_CERTIFICATE,
          OUTBOUND_KEY,
          OUTBOUND_PROXY,
          BREAKER_FAILURES,
          RETRY_SCHEDULE,
          RETENTION_LOG,
          RETENTION_TOMBSTONES,
          MASTER_KEY,
          MASTER_KEY_FILE,
          MASTER_KEY_COMMAND,
          KEY_PEPPER);

  public static List<Key<?>> all() {
    return ALL;
  }

  /** The environment variable: {@code http.port} is {@code LIVEHOOK_HTTP_PORT}. */
  public String variable() {
    return "LIVEHOOK_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  Optional<String> unsetIn(Mode mode) {
    return mode == Mode.DEV ? unsetInDev : unset;
  }

  /** Secrets may come from the file that VARIABLE_FILE names, and print masked. */
  boolean secret() {
    return equals(DATABASE_URL) || equals(KEY_PEPPER);
  }

  String masked(String value) {
    if (equals(KEY_PEPPER) || equals(MASTER_KEY)) {
      return value.isEmpty() ? "" : "***";
    }
    return equals(DATABASE_URL) ? DatabaseUrl.mask(value) : value;
  }

  private static <T> Key<T> key(String name, Kind<T> kind, String unset, String description) {
    return key(name, kind, unset, unset, description);
  }

  private static <T> Key<T> key(
      String name, Kind<T> kind, String unset, String unsetInDev, String description) {
    return new Key<>(name, kind, Optional.of(unset), Optional.of(unsetInDev), description);
  }

  private static <T> Kind<Optional<T>> optional(Kind<T> kind) {
    return new Kind<>(
        kind.unit(),
        text -> text.isEmpty() ? Optional.empty() : Optional.of(kind.read().apply(text)));
  }
}
