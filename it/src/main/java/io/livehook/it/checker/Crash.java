package io.livehook.it.checker;

/**
 * Something was killed. Deliveries that had started by {@code until} and whose end was not durable
 * may be repeated once (promise 4).
 *
 * @param from the last instant at which all was well
 * @param until the first instant at which the killed process was certainly gone
 * @param durable which ends had certainly reached the database
 */
public record Crash(long from, long until, DurableEnds durable) {

  /** Answers for a delivery that got its 2xx at {@code endedAt}. */
  @FunctionalInterface
  public interface DurableEnds {
    boolean contains(String subscription, String update, long endedAt);
  }
}
