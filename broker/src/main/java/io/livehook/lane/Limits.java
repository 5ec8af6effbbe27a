package io.livehook.lane;

/**
 * Bounds of one owner.
 *
 * @param batch updates in one append
 * @param batchBytes bytes in one append
 * @param flushAfter milliseconds an end waits for its flush at most
 * @param flushAt ends that make a flush due at once
 * @param running attempts at once
 * @param runningPerHost attempts at once to one callback host
 * @param bodies bytes of update bodies in memory
 * @param lag milliseconds of undelivered log past which origins get 429
 * @param lagUpdates updates of it
 * @param changes subscription changes in one transaction
 * @param giveUpAfter sum of the default retry schedule, milliseconds
 */
public record Limits(
    int batch,
    int batchBytes,
    long flushAfter,
    int flushAt,
    int running,
    int runningPerHost,
    long bodies,
    long lag,
    int lagUpdates,
    int changes,
    long giveUpAfter) {
  public static final Limits DEFAULT =
      new Limits(200, 1 << 20, 50, 500, 1000, 64, 32L << 20, 60_000, 1_000_000, 500, 272_105_000L);

  /** Bytes of changes that go as one delivery (CH-6). */
  static final long MERGED = 1 << 20;

  /** Attempts at once to all hosts of one registrable domain, in attempts of one host. */
  private static final int HOSTS_PER_SITE = 4;

  int runningPerSite() {
    return HOSTS_PER_SITE * runningPerHost;
  }

  /** No attempt starts while more ends than this are unflushed (R6). */
  static final int UNFLUSHED = 5_000;

  /** Nor while the oldest of them is older than this, milliseconds (R6). */
  static final long UNFLUSHED_AGE = 1_000;

  /** An attempt that has run this long makes its subscription slow (R9), milliseconds. */
  static final long SLOW = 5_000;

  /** A first failure stays in memory this long, until the breaker has judged (R9). */
  static final long JUDGE = 5_000;

  /** A watermark older than this writes {@code spilled} rows (R9), milliseconds. */
  static final long SPILL = 60_000;

  /** Behind rows written or rewritten in one flush. */
  static final int BEHIND_PER_FLUSH = 200;

  /** A behind row is rewritten at most this often, milliseconds. */
  static final long BEHIND_EVERY = 5_000;

  /** Between two watermark statements, milliseconds. */
  static final long WATERMARK_EVERY = 1_000;

  /** A quiet lane's tail is raised this often, milliseconds (R10). */
  static final long QUIET = 30_000;

  /** Waiting retries due within this are held in memory, milliseconds. */
  static final long RETRY_WINDOW = 60_000;

  /** How often they are read. */
  static final long RETRY_EVERY = 30_000;

  /** A submission without a verdict is answered 503 after this, milliseconds. */
  static final long PATIENCE = 900;

  /** So many pushes in a batch and behind it let the next batch gather before it goes. */
  static final int GATHER_FROM = 16;

  /** How long a batch gathers at most, milliseconds. */
  static final long GATHER = 5;

  /** First back-off of a callback that is down; doubles. */
  static final long PROBE_FIRST = 5_000;

  /** Longest back-off of a callback that is down. */
  static final long PROBE_MAX = 300_000;

  /** Rows in one read of the log. */
  static final int PAGE = 500;
}
