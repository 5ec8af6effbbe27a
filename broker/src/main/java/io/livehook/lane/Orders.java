package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Owner} orders; the shell carries it out and reports back with a fact. The append,
 * the flush and the read connection each have one order under way at a time.
 */
public interface Orders {
  /** Append connection. Fact: {@link Owner#appended} or {@link Owner#appendRefused}. */
  void append(AppendBatch batch);

  /** Flush connection. Fact: {@link Owner#flushed}. */
  void flush(FlushBatch batch);

  /** Flush connection, asynchronous commit. Fact: {@link Owner#watermarkWritten}. */
  void watermark(int[] lanes, long[] watermarks);

  /** Flush connection, synchronous commit. Fact: {@link Owner#changed}. */
  void change(ChangeBatch batch);

  /** Flush connection. Fact: {@link Owner#retriesRead}. */
  void readRetries(int[] lanes, long until);

  /**
   * Flush connection, synchronous commit: end the retries at or below the floors, then raise them
   * (R14). Fact: {@link Owner#retained}.
   */
  void retain(int[] lanes, long[] floors);

  /** Read connection. Fact: {@link Owner#loaded}. */
  void load(LoadBatch batch);

  /** Read connection. Fact: {@link Owner#logRead}. */
  void readLog(LogRead read);

  /**
   * Get a connection to the callback, then ask {@link Owner#connected} in the turn in which it is
   * ready. If none comes about, ask too and report the attempt as failed.
   */
  void connect(Subscription subscription);

  /** Close the attempt's connection; no {@link Owner#ended} for it any more. */
  void abort(Delivery delivery);

  /** The verdict on a submission; once each. */
  void answer(Submission submission, Verdict verdict);

  /**
   * Call {@link Owner#awake} at this millisecond; replaces the one asked for before. A millisecond
   * that has come already means in a moment, a fraction of a millisecond.
   */
  void wakeAt(long at);

  /** Something worth a log line or a count. */
  void note(Note note, @Nullable Subscription subscription, long number);

  /** What {@link #note} tells. */
  enum Note {
    CALLBACK_DOWN,
    CALLBACK_UP,
    DEAD_LETTER,
    GAP,
    GONE,
    MISSING
  }
}
