package io.livehook.lane;

/** What an attempt means. Times are epoch milliseconds. */
public sealed interface Outcome {
  /** A 2xx. */
  record Delivered() implements Outcome {
    public static final Delivered INSTANCE = new Delivered();
  }

  /** Try again at a time of the schedule. */
  record Retry(long at, FailureReason reason) implements Outcome {}

  /** The callback asks for a pause (429, 503); no try is used up when it named a time. */
  record Throttled(long until, FailureReason reason) implements Outcome {}

  /** The schedule is exhausted: a dead letter. */
  record Dead(FailureReason reason) implements Outcome {}

  /** 410: the subscription ends. */
  record Gone() implements Outcome {}
}
