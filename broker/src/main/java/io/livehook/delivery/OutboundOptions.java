package io.livehook.delivery;

import java.time.Duration;

/**
 * Bounds of the outbound client.
 *
 * @param deadline of a whole attempt, from the address to the last byte
 * @param connect of the connection alone
 * @param answerLimit bytes of an answer that are read
 * @param connectionsPerTarget keep-alive connections to one address
 */
public record OutboundOptions(
    Duration deadline, Duration connect, int answerLimit, int connectionsPerTarget) {
  public static final OutboundOptions DEFAULT =
      new OutboundOptions(Duration.ofSeconds(15), Duration.ofSeconds(5), 65_536, 64);
}
