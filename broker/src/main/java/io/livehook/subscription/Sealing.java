package io.livehook.subscription;

import io.livehook.lane.LaneOf;
import io.livehook.lane.Mode;
import io.livehook.lane.Submission;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Statements;
import io.livehook.security.Vault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts the secrets that were stored before there was a vault, while the broker runs: through
 * the lanes, like any other change (R12), one bounded batch after another. Ends when none is left;
 * what a stop cut off goes on at the next start. Cold.
 */
public final class Sealing {
  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
  private static final String UNSEALED = Statements.load(Sealing.class, "unsealed");
  private static final long AGAIN = Duration.ofSeconds(2).toMillis();
  private static final int BATCH = 200;
  private static final Submission.Actor BY = new Submission.Actor("broker", "sealing of secrets");

  private final Vertx vertx;
  private final Pool pool;
  private final Lanes lanes;
  private final IntSupplier laneCount;
  private final Vault vault;
  private boolean stopped;

  public Sealing(Vertx vertx, Pool pool, Lanes lanes, IntSupplier laneCount, Vault vault) {
    this.vertx = vertx;
    this.pool = pool;
    this.lanes = lanes;
    this.laneCount = laneCount;
    this.vault = vault;
  }

  /** The lanes must be owned. */
  public void start() {
    vertx.setTimer(1, id -> untilDone());
  }

  public void stop() {
    stopped = true;
  }

  private void untilDone() {
    if (!stopped) {
      runOnce()
          .onFailure(
              failed -> {
                LOG.warn("secrets not all encrypted yet, tried again: {}", failed + "");
                vertx.setTimer(AGAIN, id -> untilDone());
              });
    }
  }

  /** One pass over all of them: how many it encrypted. */
  public Future<Integer> runOnce() {
    return pass(0, 0);
  }

  private Future<Integer> pass(long after, int before) {
    return pool.preparedQuery(UNSEALED)
        .execute(Tuple.of(after, BATCH))
        .compose(rows -> rows.size() == 0 || stopped ? done(before) : batch(rows, before));
  }

  private static Future<Integer> done(int count) {
    if (count > 0) {
      LOG.atInfo().addKeyValue("subscriptions", count).log("secrets.encrypted");
    }
    return Future.succeededFuture(count);
  }

  private Future<Integer> batch(RowSet<Row> rows, int before) {
    List<Future<Verdict>> asked = new ArrayList<>(rows.size());
    long last = 0;
    for (Row row : rows) {
      last = row.getLong("id");
      asked.add(seal(row));
    }
    long after = last;
    return Future.all(asked)
        .compose(
            verdicts -> {
              long count =
                  asked.stream()
                      .filter(each -> each.result() instanceof Verdict.Subscribed)
                      .count();
              return pass(after, before + (int) count);
            });
  }

  private Future<Verdict> seal(Row row) {
    SubscriptionOptions before =
        new SubscriptionOptions(
            row.getString("callback"),
            row.getString("host"),
            row.getString("secret"),
            row.getBoolean("strict"),
            row.getInteger("max_in_flight"),
            row.getString("retry_schedule"),
            row.getLong("lease_end"),
            Mode.of(row.getString("mode")),
            row.getBoolean("merge"),
            row.getString("form"));
    Vault.Place place =
        new Vault.Place(
            row.getLong("tenant_id"),
            row.getString("uri"),
            row.getString("label"),
            row.getString("callback"));
    return vault
        .open(before.secret(), place)
        .compose(ring -> vault.seal(place, ring))
        .compose(stored -> lanes.submit(change(row, before, stored)))
        .compose(Sealing::judged);
  }

  /** Only while it stands like this: what was changed meanwhile has been sealed by that. */
  private Submission.Subscribe change(Row row, SubscriptionOptions before, String stored) {
    String uri = row.getString("uri");
    return new Submission.Subscribe(
        row.getLong("tenant_id"),
        uri,
        LaneOf.lane(row.getUUID("tenant"), uri, laneCount.getAsInt()),
        row.getString("label"),
        row.getUUID("public_id").toString(),
        before.withSecret(stored),
        true,
        new Submission.Standing(row.getLong("id"), before),
        BY);
  }

  private static Future<Verdict> judged(Verdict verdict) {
    return verdict instanceof Verdict.Unavailable
        ? Future.failedFuture("a lane changes hands")
        : Future.succeededFuture(verdict);
  }
}
