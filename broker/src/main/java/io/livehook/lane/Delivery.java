package io.livehook.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that has been started.
 *
 * <pre>
 *            connected              ended: delivered, dead
 *   (due) ──────────────▶ RUNNING ─────────────────────────▶ ENDED ── flushed ──▶ (gone)
 *                           ▲  │ ended: failed                 ▲
 *                 due again │  ▼                               │ judged: retry row written
 *                          FAILED ─────────────────────────────┘
 * </pre>
 *
 * One that has a retry row ({@code entry} set) holds no watermark: its row does.
 */
public final class Delivery {
  enum State {
    RUNNING,
    FAILED,
    ENDED
  }

  public final Subscription subscription;

  /** With its bytes when it runs; a later attempt may take them from another read. */
  Update update;

  final Retries.@Nullable Entry entry;

  State state = State.RUNNING;

  /** Attempts made, the running one included. */
  int number;

  /** Steps of the retry schedule used up. */
  int used;

  long startedAt;

  /** When a failed one may start again; {@link Long#MAX_VALUE} while the breaker judges. */
  long dueAt;

  /** When its retry is due, if it becomes a row. */
  long retryAt;

  FailureReason reason = FailureReason.HTTP_STATUS;

  /** The chain link whose count it holds, or null. */
  @Nullable Update counted;

  /** Changes that wait right behind it and may go in the same request, lowest first (DLV-5). */
  List<Update> further = List.of();

  boolean slow;

  /** For the shell: the exchange that carries it. */
  public @Nullable Object exchange;

  @Nullable Delivery previousOpen;
  @Nullable Delivery nextOpen;
  @Nullable Delivery previousRunning;
  @Nullable Delivery nextRunning;

  Delivery(Subscription subscription, Update update, Retries.@Nullable Entry entry) {
    this.subscription = subscription;
    this.update = update;
    this.entry = entry;
  }

  public Update update() {
    return update;
  }

  /** What may go with it, in this order; with their bytes. */
  public List<Update> further() {
    return further;
  }

  /** Only so many of them go with it. */
  public void takes(int many) {
    further = further.subList(0, many);
  }

  /** Number of the running attempt, from 1. */
  public int number() {
    return number;
  }

  /** Steps of the retry schedule used up before the running attempt. */
  public int used() {
    return used;
  }

  /** When the running attempt started. */
  public long startedAt() {
    return startedAt;
  }
}
