package io.livehook.it.load;

import io.livehook.it.http.Pump;

/** Hears what happens to updates; called on the pump's thread. */
public interface Ledger {
  void sent(int resource, long number, long now);

  void acknowledged(int resource, long number, Pump.Answer answer);

  /** Not accepted: a definite no. */
  default void refused(int resource, long number, Pump.Answer answer) {}

  /** A ledger that writes nothing down. */
  static Ledger none() {
    return new Ledger() {
      @Override
      public void sent(int resource, long number, long now) {}

      @Override
      public void acknowledged(int resource, long number, Pump.Answer answer) {}
    };
  }
}
