package io.livehook.delivery;

import io.livehook.lane.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt; a 500 or a time-out is a value, not an error.
 *
 * @param status of the answer, 0 when there was none
 * @param reason why it failed; null with a 2xx
 * @param retryAfter the header, unread
 * @param answer the first bytes of the answer's body, raw; null when there were none
 */
@SuppressWarnings("ArrayRecordComponent")
public record AttemptResult(
    int status,
    @Nullable FailureReason reason,
    @Nullable String retryAfter,
    byte @Nullable [] answer) {
  static AttemptResult failed(FailureReason reason) {
    return new AttemptResult(0, reason, null, null);
  }

  public boolean delivered() {
    return status >= 200 && status <= 299;
  }
}
