package io.livehook.delivery;

import io.vertx.core.net.ProxyOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the outbound client, and its way out.
 *
 * @param deadline of a whole attempt, from the address to the last byte
 * @param connect of the connection alone, and of its TLS handshake
 * @param answerLimit bytes of an answer that are read
 * @param connectionsPerTarget keep-alive connections to one address
 * @param connections open at once; past it idle ones are closed, oldest first
 */
public record OutboundOptions(
    Duration deadline,
    Duration connect,
    int answerLimit,
    int connectionsPerTarget,
    int connections,
    Route route) {
  private static final int CONNECTIONS = 5_000;
  public static final OutboundOptions DEFAULT =
      new OutboundOptions(Duration.ofSeconds(15), Duration.ofSeconds(5), 65_536, 64);

  /**
   * How TLS is spoken, and what lies between.
   *
   * @param proxy that every connection goes through; the guard judges what is beyond it
   */
  public record Route(Tls tls, @Nullable ProxyOptions proxy) {
    /** Straight out, with the JDK's authorities. */
    public static final Route DIRECT = new Route(Tls.ofTheSystem(), null);
  }

  /** Straight out. */
  public OutboundOptions(
      Duration deadline, Duration connect, int answerLimit, int connectionsPerTarget) {
    this(deadline, connect, answerLimit, connectionsPerTarget, CONNECTIONS, Route.DIRECT);
  }
}
