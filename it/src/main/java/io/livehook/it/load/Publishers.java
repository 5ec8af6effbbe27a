package io.livehook.it.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.livehook.it.http.Pump;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Origins that push updates: each connection PUTs to its own share of the resources, so that the
 * order of one resource's updates is known. Runs on the pump's thread.
 *
 * <p>With {@code repeating} publishers, every second connection sends an {@code Idempotency-Key}
 * and repeats what is in doubt until it has an answer; the others never repeat.
 */
public final class Publishers implements Pump.Work {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final byte[] BLANK_LINE = "\r\n".getBytes(ISO_8859_1);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final byte[][] heads;
  private final int connections;
  private final boolean repeating;
  private final Pace pace;
  private final Ledger ledger;
  private final int[] resourceOf;
  private final long[] numberOf;
  private final boolean[] inDoubt;
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile boolean paused;
  private volatile int open;
  private long quietUntil = System.nanoTime();

  public Publishers(
      Target target, int resources, int connections, boolean repeating, Pace pace, Ledger ledger) {
    this.connections = Math.min(connections, resources);
    this.repeating = repeating;
    this.pace = pace;
    this.ledger = ledger;
    this.heads = new byte[resources][];
    for (int i = 0; i < resources; i++) {
      heads[i] =
          target
              .head(
                  "PUT",
                  target.path(Target.uri(i)),
                  target.keys().origin(),
                  "application/json",
                  Bodies.SIZE)
              .getBytes(ISO_8859_1);
    }
    this.resourceOf = new int[this.connections];
    for (int i = 0; i < this.connections; i++) {
      resourceOf[i] = i;
    }
    this.numberOf = new long[this.connections];
    this.inDoubt = new boolean[this.connections];
  }

  public Pump start(String name, int port) {
    return new Pump(name, port, connections, this);
  }

  public long acknowledged() {
    return acknowledged.sum();
  }

  /** 429 and 503: not accepted, to be tried later. */
  public long refused() {
    return refused.sum();
  }

  /** Any other answer. */
  public long failed() {
    return failed.sum();
  }

  /** Requests without an answer. */
  public int open() {
    return open;
  }

  /** No new updates; what is in doubt goes on until it is answered. */
  public void pause() {
    paused = true;
  }

  public void resume() {
    paused = false;
  }

  @Override
  public boolean next(int connection, ByteBuffer out) {
    long now = System.nanoTime();
    if (now < quietUntil) {
      return false;
    }
    if (!inDoubt[connection] && !choose(connection, now)) {
      return false;
    }
    inDoubt[connection] = false;
    openChanges(1);
    ledger.sent(resourceOf[connection], numberOf[connection], now);
    out.put(heads[resourceOf[connection]]);
    if (repeats(connection)) {
      out.put(("Idempotency-Key: n" + numberOf[connection] + "\r\n").getBytes(ISO_8859_1));
    }
    out.put(BLANK_LINE);
    Bodies.put(out, numberOf[connection]);
    return true;
  }

  private boolean choose(int connection, long now) {
    if (paused || !pace.take(now)) {
      return false;
    }
    int next = resourceOf[connection] + connections;
    resourceOf[connection] = next < heads.length ? next : connection;
    numberOf[connection] = NUMBERS.incrementAndGet();
    return true;
  }

  @Override
  public void answered(int connection, Pump.Answer answer) {
    openChanges(-1);
    int status = answer.status();
    if (status == 200 || status == 201) {
      acknowledged.increment();
      ledger.acknowledged(resourceOf[connection], numberOf[connection], answer);
    } else if (status == 429 || status == 503 || status == 409) {
      refused.increment();
      inDoubt[connection] = repeats(connection);
      quietUntil = answer.at() + pauseAskedBy(answer);
      ledger.refused(resourceOf[connection], numberOf[connection], answer);
    } else {
      failed.increment();
      ledger.refused(resourceOf[connection], numberOf[connection], answer);
    }
  }

  @Override
  public void broken(int connection) {
    openChanges(-1);
    inDoubt[connection] = repeats(connection);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the pump's thread alone
  private void openChanges(int by) {
    open += by;
  }

  private boolean repeats(int connection) {
    return repeating && connection % 2 == 0;
  }

  private static long pauseAskedBy(Pump.Answer answer) {
    String seconds = answer.header("retry-after");
    return seconds == null
        ? TimeUnit.MILLISECONDS.toNanos(50)
        : Math.min(LONGEST_PAUSE, TimeUnit.SECONDS.toNanos(Long.parseLong(seconds)));
  }
}
