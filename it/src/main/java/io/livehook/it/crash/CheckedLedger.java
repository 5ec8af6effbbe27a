package io.livehook.it.crash;

import io.livehook.it.checker.Checker;
import io.livehook.it.http.Pump;
import io.livehook.it.load.Bodies;
import io.livehook.it.load.Ledger;
import io.livehook.it.load.Target;

/** Tells the checker what the publishers did. */
public final class CheckedLedger implements Ledger {
  private final Checker checker;

  public CheckedLedger(Checker checker) {
    this.checker = checker;
  }

  @Override
  public void sent(int resource, long number, long now) {
    checker.sent(Target.uri(resource), Bodies.hash(Bodies.of(number)), now);
  }

  @Override
  public void acknowledged(int resource, long number, Pump.Answer answer) {
    String id = answer.header("livehook-update");
    checker.acknowledged(Bodies.hash(Bodies.of(number)), String.valueOf(id), answer.at());
  }
}
