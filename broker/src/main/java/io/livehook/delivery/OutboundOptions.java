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
 * @param proxy that every connection goes through; the guard judges what is beyond it
 */
public record OutboundOptions(
    Duration deadline,
    Duration connect,
    int answerLimit,
    int connectionsPerTarget,
    Tls tls,
    @Nullable ProxyOptions proxy) {
  public static final OutboundOptions DEFAULT =
      new OutboundOptions(Duration.ofSeconds(15), Duration.ofSeconds(5), 65_536, 64);

  /** Straight out, with the JDK's authorities. */
  public OutboundOptions(
      Duration deadline, Duration connect, int answerLimit, int connectionsPerTarget) {
    this(deadline, connect, answerLimit, connectionsPerTarget, Tls.ofTheSystem(), null);
  }
}
