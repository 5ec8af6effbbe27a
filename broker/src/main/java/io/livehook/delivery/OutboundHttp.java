package io.livehook.delivery;

import io.livehook.guard.Guard;
import io.livehook.guard.JudgedNames;
import io.livehook.lane.FailureReason;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The only class that talks to strangers. HTTP/1.1 with keep-alive to judged addresses; no
 * redirects, cookies, decompression or proxy; one wall-clock deadline over the whole attempt
 * (reliability.md §3). One per event loop, called on it only. Callers admit at most {@code
 * connectionsPerTarget} exchanges per target: the pool's own queue is never used.
 */
public final class OutboundHttp {
  private static final long CHECK_EVERY = 250;
  private static final int CUT_AT_ONCE = 20;
  private static final int HEADERS = 8_192;
  private static final int STATUS_LINE = 1_024;
  private static final int KEPT_IDLE = 30;
  private static final int KEPT_AT_MOST = 60;
  private static final int NAMES = 10_000;

  private final Vertx vertx;
  final OutboundOptions options;
  final HttpClient client;
  final JudgedNames names;
  private final Guard guard;
  private final DnsNames dns;

  // Running attempts, oldest first: all have the same deadline, so one timer serves them all.
  private @Nullable Attempt head;
  private @Nullable Attempt tail;
  private boolean armed;

  /** On an event-loop context. */
  public OutboundHttp(Vertx vertx, OutboundOptions options, Guard guard) {
    this(vertx, options, guard, null);
  }

  /**
   * @param servers where names are looked up; null = as the system does
   */
  OutboundHttp(
      Vertx vertx,
      OutboundOptions options,
      Guard guard,
      @Nullable DnsServerAddressStreamProvider servers) {
    this.vertx = vertx;
    this.options = options;
    this.guard = guard;
    Sockets sockets =
        new Sockets(options.connections(), options.route().proxy() == null ? guard : null);
    this.client =
        vertx
            .httpClientBuilder()
            .with(clientOptions(options))
            .with(poolOptions(options))
            .withConnectHandler(sockets::opened)
            .build();
    Context context = vertx.getOrCreateContext();
    this.dns =
        new DnsNames((VertxInternal) vertx, ((ContextInternal) context).nettyEventLoop(), servers);
    this.names = new JudgedNames(guard, dns, NAMES);
  }

  /** The guard's verdict on a URL; kept for as long as its owner keeps it. */
  public Target target(String url) {
    return Target.of(guard, url, options.route().proxy());
  }

  private static HttpClientOptions clientOptions(OutboundOptions options) {
    HttpClientOptions made = new HttpClientOptions();
    made.setTrustOptions(options.route().tls().trust());
    if (options.route().tls().identity() != null) {
      made.setKeyCertOptions(options.route().tls().identity());
    }
    return made.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
        .setVerifyHost(true)
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setKeepAlive(true)
        .setKeepAliveTimeout(KEPT_IDLE)
        .setConnectTimeout((int) options.connect().toMillis())
        .setSslHandshakeTimeout(options.connect().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxHeaderSize(HEADERS)
        .setMaxInitialLineLength(STATUS_LINE)
        .setDecompressionSupported(false)
        .setTcpNoDelay(true);
  }

  /**
   * The queue holds attempts whose connection is being made, aborted ones among them, and bridges
   * the moment between an attempt's end and its connection's return.
   */
  private static PoolOptions poolOptions(OutboundOptions options) {
    return new PoolOptions()
        .setHttp1MaxSize(options.connectionsPerTarget())
        .setMaxWaitQueueSize(4 * options.connectionsPerTarget())
        .setMaxLifetime(KEPT_AT_MOST)
        .setMaxLifetimeUnit(TimeUnit.SECONDS);
  }

  /** A running attempt, for {@link #post}'s caller. */
  public interface Handle {
    /** Closes the connection with a reset and tells the exchange nothing more. */
    void abort();
  }

  /** Starts an attempt; the exchange is told the rest. */
  public Handle post(Target target, Exchange exchange) {
    Attempt attempt = new Attempt(this, target, exchange, System.nanoTime());
    link(attempt);
    attempt.start();
    return attempt;
  }

  /** Closes every running attempt; their exchanges are told nothing more. */
  public void abortAll() {
    for (Attempt each = head; each != null; ) {
      Attempt following = each.next;
      each.abort();
      each = following;
    }
  }

  /** Closes everything. */
  public void close() {
    abortAll();
    dns.close();
    client.close().onFailure(failure -> {});
  }

  private void link(Attempt attempt) {
    attempt.previous = tail;
    if (tail == null) {
      head = attempt;
    } else {
      tail.next = attempt;
    }
    tail = attempt;
    if (!armed) {
      armed = true;
      vertx.setTimer(CHECK_EVERY, id -> checkDeadlines());
    }
  }

  void unlink(Attempt attempt) {
    Attempt before = attempt.previous;
    Attempt after = attempt.next;
    if (before == null) {
      head = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      tail = before;
    } else {
      after.previous = before;
    }
    attempt.previous = null;
    attempt.next = null;
  }

  void later(Runnable work) {
    vertx.runOnContext(turn -> work.run());
  }

  /** A few at a time: thousands that end together must not hold up those that do not. */
  private void checkDeadlines() {
    long now = System.nanoTime();
    for (int cut = 0; cut < CUT_AT_ONCE && late(now); cut++) {
      Objects.requireNonNull(head).cut(FailureReason.DEADLINE);
    }
    armed = head != null;
    if (armed) {
      vertx.setTimer(late(now) ? 1 : CHECK_EVERY, id -> checkDeadlines());
    }
  }

  private boolean late(long now) {
    Attempt oldest = head;
    return oldest != null && now - oldest.startedAt >= options.deadline().toNanos();
  }
}
