package io.livehook.ingest;

import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.lane.Verdict;
import java.util.List;

/** What a verdict other than yes is to the one who asked. Pure. */
public final class VerdictProblems {
  private VerdictProblems() {}

  public static Problem of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.NotFound none -> Problem.of(ProblemKind.NOT_FOUND, "No such thing here.");
      case Verdict.StillRunning running ->
          Problem.later(
              ProblemKind.IDEMPOTENCY_RUNNING, "Ask again with the same key and body.", 1);
      case Verdict.KeyReused reused ->
          Problem.of(
              ProblemKind.IDEMPOTENCY_KEY_REUSED, "Take a new key for every other body or type.");
      case Verdict.OutOfChain(String last) ->
          Problem.faults(
              ProblemKind.OUT_OF_CHAIN,
              List.of(
                  new Fault(
                      "header/Previous-Changes-Id",
                      "out_of_chain",
                      "the last accepted Changes-Id is " + last)));
      case Verdict.Refused(String why) -> Problem.of(ProblemKind.CONTENT_REFUSED, why);
      case Verdict.Lagging(int seconds) ->
          Problem.later(ProblemKind.LAGGING, "Nothing was accepted; send it again.", seconds);
      case Verdict.Unavailable(int seconds) ->
          Problem.later(ProblemKind.UNAVAILABLE, "Send it again.", seconds);
      case Verdict.Accepted accepted -> throw unexpected(accepted);
      case Verdict.Subscribed subscribed -> throw unexpected(subscribed);
      case Verdict.Done done -> throw unexpected(done);
    };
  }

  private static IllegalStateException unexpected(Verdict verdict) {
    return new IllegalStateException("no refusal: " + verdict);
  }
}
