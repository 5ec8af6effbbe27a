package io.livehook.it.checker;

/**
 * A delivery as the receiver saw it.
 *
 * @param subscription the path of the callback, one per subscription
 * @param update the {@code webhook-id}
 * @param body a hash of the bytes received
 * @param authentic whether signature, timestamp and digest hold
 * @param status what the receiver answered, 0 when the connection was gone before
 * @param at when it arrived
 * @param answeredAt when the answer was written
 */
public record Arrival(
    String subscription,
    String update,
    long body,
    boolean authentic,
    int status,
    long at,
    long answeredAt) {

  boolean delivered() {
    return status >= 200 && status < 300;
  }
}
