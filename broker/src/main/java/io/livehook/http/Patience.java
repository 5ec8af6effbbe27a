package io.livehook.http;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a request waits for the database, over all its steps together (promise 11). The clock of
 * a request stands while its sender, or somebody else than the database, is waited for. One per
 * event loop; one timer serves all requests, since they are kept in the order they are due.
 */
public final class Patience {
  /** What is left of a second is for the loop to come round and the answer to arrive. */
  private static final long EACH = TimeUnit.MILLISECONDS.toNanos(850);

  private final LongSupplier nanos;
  private final Alarm alarm;
  private @Nullable Wait first;
  private @Nullable Wait last;

  /** The alarm that counts; one set for a later moment than it is void. */
  private int alarms;

  private boolean armed;
  private long armedFor;

  /** Calls back once, on the event loop. */
  interface Alarm {
    void in(long milliseconds, Runnable then);
  }

  public Patience(Vertx vertx) {
    this(vertx, System::nanoTime);
  }

  /** With a clock of its own. */
  public Patience(Vertx vertx, LongSupplier nanos) {
    this(nanos, (after, then) -> vertx.setTimer(after, id -> then.run()));
  }

  Patience(LongSupplier nanos, Alarm alarm) {
    this.nanos = nanos;
    this.alarm = alarm;
  }

  /** One request's share. Its fields belong to the list it may be in. */
  static final class Wait {
    private final Runnable over;
    private long left = EACH;
    private long dueAt;
    private boolean listed;
    private @Nullable Wait before;
    private @Nullable Wait after;

    /**
     * @param over runs once, when nothing is left
     */
    Wait(Runnable over) {
      this.over = over;
    }
  }

  /** The database is waited for from now on. */
  void start(Wait wait) {
    if (wait.listed) {
      return;
    }
    wait.dueAt = nanos.getAsLong() + wait.left;
    list(wait);
    if (first == wait && (!armed || wait.dueAt - armedFor < 0)) {
      arm(wait);
    }
  }

  /** It is not; what is left is kept. */
  void rest(Wait wait) {
    if (wait.listed) {
      wait.left = Math.max(0, wait.dueAt - nanos.getAsLong());
      unlist(wait);
    }
  }

  /** It is answered. */
  void end(Wait wait) {
    if (wait.listed) {
      unlist(wait);
    }
  }

  /** Nearly always the last: only one that has waited before is due sooner than others. */
  private void list(Wait wait) {
    Wait before = last;
    while (before != null && before.dueAt - wait.dueAt > 0) {
      before = before.before;
    }
    Wait after = before == null ? first : before.after;
    wait.before = before;
    wait.after = after;
    connect(before, wait);
    connect(wait, after);
    wait.listed = true;
  }

  private void unlist(Wait wait) {
    connect(wait.before, wait.after);
    wait.before = null;
    wait.after = null;
    wait.listed = false;
  }

  private void connect(@Nullable Wait before, @Nullable Wait after) {
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
  }

  private void arm(Wait next) {
    armed = true;
    armedFor = next.dueAt;
    int number = ++alarms;
    long left = TimeUnit.NANOSECONDS.toMillis(next.dueAt - nanos.getAsLong());
    alarm.in(Math.max(1, left + 1), () -> rung(number));
  }

  private void rung(int number) {
    if (number != alarms) {
      return;
    }
    armed = false;
    long now = nanos.getAsLong();
    for (Wait each; (each = first) != null && each.dueAt - now <= 0; ) {
      unlist(each);
      each.left = 0;
      each.over.run();
    }
    Wait next = first;
    if (next != null && !armed) {
      arm(next);
    }
  }
}
