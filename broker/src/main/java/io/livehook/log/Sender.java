package io.livehook.log;

import io.livehook.lane.Delivery;
import io.livehook.lane.Subscription;

/** Who makes the POSTs of an owner: one per event loop, told what its lanes order. */
public interface Sender {
  /** Get a connection, then ask {@link OwnerShell#connected}; if none comes about, ask too. */
  void connect(OwnerShell owner, Subscription subscription);

  /** Close the attempt's connection and forget it. */
  void abort(Delivery delivery);

  /** Close everything that runs: the owner is over. */
  void abortAll();
}
