package io.livehook.delivery;

import io.livehook.lane.Delivery;
import io.livehook.lane.Outcome;

/** Says what an attempt means; the root wires it to the outcome package. One per event loop. */
public interface Judge {
  /** What it came to, and whether the callback is to rest: its breaker opened, or it said so. */
  record Judgement(Outcome outcome, boolean opened) {}

  Judgement judge(Delivery delivery, AttemptResult result, long now);
}
