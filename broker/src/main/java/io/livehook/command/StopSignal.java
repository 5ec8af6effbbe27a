package io.livehook.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * SIGTERM or SIGINT: the first asks for an orderly end, the second ends the process at once. A
 * handler instead of a shutdown hook, so that an orderly end exits with 0.
 */
final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);

  private StopSignal() {}

  static StopSignal install() {
    StopSignal stop = new StopSignal();
    for (String name : new String[] {"TERM", "INT"}) {
      var before = Signal.handle(new Signal(name), stop::received);
      if (before == null) {
        throw new IllegalStateException("no handler for SIG" + name);
      }
    }
    return stop;
  }

  void await() throws InterruptedException {
    asked.await();
  }

  /** True once it was asked for; false when the time is over. */
  boolean await(Duration most) throws InterruptedException {
    return asked.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void received(Signal signal) {
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
    asked.countDown();
  }
}
