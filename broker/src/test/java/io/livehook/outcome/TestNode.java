package io.livehook.outcome;

import io.livehook.delivery.DeliverySender;
import io.livehook.delivery.OutboundHttp;
import io.livehook.delivery.OutboundOptions;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.lane.EndReason;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Limits;
import io.livehook.lane.Mode;
import io.livehook.lane.Submission;
import io.livehook.lane.Submission.Actor;
import io.livehook.lane.Submission.Representation;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.lane.UpdateKind;
import io.livehook.lane.Verdict;
import io.livehook.log.NodeLanes;
import io.livehook.platform.Ids;
import io.livehook.platform.MasterKeySource;
import io.livehook.platform.Secret;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Vault;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The core of a node (lanes, log, delivery, outcome) on a real database, without its HTTP side. */
final class TestNode implements AutoCloseable {
  static final UUID TENANT = UUID.fromString("0193a000-0000-7000-8000-000000000001");
  private static final Actor TEST = new Actor("test", "req_1");

  final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
  final NodeLanes lanes;
  final Receiver receiver;
  final Pool pool;
  final Vault vault;

  TestNode(TestDatabase database, String name, String schedule) throws Exception {
    receiver = new Receiver(vertx);
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(database.url().connectOptions())
            .using(vertx)
            .build();
    vault =
        new Vault(
            vertx,
            pool,
            MasterKeySource.of(new Secret("bWFzdGVyIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGU=")));
    vault.loadMasters().await(10, TimeUnit.SECONDS);
    List<Context> loops = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      loops.add(((VertxInternal) vertx).createEventLoopContext());
    }
    lanes =
        new NodeLanes(
            vertx,
            database.url().connectOptions(),
            new NodeLanes.Plan(name, 16, loops, loop -> surroundings(schedule)));
    lanes.start().await(30, TimeUnit.SECONDS);
  }

  private NodeLanes.Surroundings surroundings(String schedule) {
    OutboundHttp http =
        new OutboundHttp(
            vertx,
            new OutboundOptions(Duration.ofSeconds(2), Duration.ofSeconds(1), 65_536, 64),
            new Guard(GuardPolicy.DEV));
    AttemptJudge judge =
        new AttemptJudge(RetrySchedule.parse(schedule), tenant -> null, 5, new Random(1));
    return new NodeLanes.Surroundings(
        new DeliverySender(http, judge, resource -> "http://broker.test/r", vault),
        Ids.ofThisHost(),
        Limits.DEFAULT);
  }

  static void prepare(TestDatabase database) {
    database.execute(
        "select create_day((now() at time zone 'UTC')::date + n) from generate_series(-1, 1) n",
        "insert into tenant (public_id, slug) values ('" + TENANT + "', 't')");
  }

  Verdict push(String uri, String body) {
    return push(uri, body, null);
  }

  Verdict push(String uri, String body, @Nullable String key) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return submit(
        new Submission.Push(
            1,
            uri,
            LaneOf.lane(TENANT, uri, 16),
            UpdateKind.VALUE,
            new Representation("\"" + body.hashCode() + "\"", "text/plain", null, bytes),
            key,
            key == null ? null : LaneOf.sha256(bytes)));
  }

  Verdict submit(Submission submission) {
    try {
      return lanes.submit(submission).await(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException late) {
      throw new AssertionError("no verdict within ten seconds", late);
    }
  }

  Verdict.Subscribed subscribe(String uri, String path, boolean strict) throws Exception {
    return subscribe(uri, path, strict, 1);
  }

  Verdict.Subscribed subscribe(String uri, String path, boolean strict, Mode mode)
      throws Exception {
    return subscribe(uri, path, strict, 1, mode, false);
  }

  Verdict.Subscribed subscribe(String uri, String path, boolean strict, int inFlight)
      throws Exception {
    return subscribe(uri, path, strict, inFlight, Mode.VALUE, false);
  }

  Verdict.Subscribed subscribe(
      String uri, String path, boolean strict, int inFlight, Mode mode, boolean merge)
      throws Exception {
    Verdict verdict =
        submit(
            new Submission.Subscribe(
                1,
                uri,
                LaneOf.lane(TENANT, uri, 16),
                "",
                Ids.ofThisHost().next().toString(),
                new SubscriptionOptions(
                    receiver.origin() + path,
                    receiver.origin(),
                    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                    strict,
                    inFlight,
                    null,
                    Long.MAX_VALUE,
                    mode,
                    merge),
                TEST));
    return (Verdict.Subscribed) verdict;
  }

  Verdict unsubscribe(String uri, long subscription) throws Exception {
    return submit(
        new Submission.Unsubscribe(
            1, uri, LaneOf.lane(TENANT, uri, 16), subscription, EndReason.UNSUBSCRIBED, TEST));
  }

  Verdict hold(String uri, long subscription, boolean held) throws Exception {
    return submit(
        new Submission.Hold(1, uri, LaneOf.lane(TENANT, uri, 16), subscription, held, TEST));
  }

  Verdict redeliver(String uri, long subscription, long update) throws Exception {
    return submit(
        new Submission.Redeliver(1, uri, LaneOf.lane(TENANT, uri, 16), subscription, update, TEST));
  }

  /** One number from the database. */
  static long number(TestDatabase database, String sql) {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (java.sql.SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void close() throws Exception {
    lanes.stop(System.nanoTime() + TimeUnit.SECONDS.toNanos(5)).await(10, TimeUnit.SECONDS);
    receiver.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
