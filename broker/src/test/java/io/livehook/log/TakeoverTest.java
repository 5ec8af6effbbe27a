package io.livehook.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.lane.Delivery;
import io.livehook.lane.Limits;
import io.livehook.lane.Subscription;
import io.livehook.platform.Ids;
import io.livehook.platform.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R1, R4, R5 on a real database: whose owners a node may end, and whose it never does. */
class TakeoverTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final int LANES = 8;

  /** Longer than the node's lease and a few of its tries. */
  private static final Duration LONG = Duration.ofSeconds(8);

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String OURS =
      "select count(*) from lane l join owner o on o.id = l.owner_id join node n on n.id ="
          + " o.node_id where o.ended_at is null and n.name = 'ours'";

  private final Vertx vertx = Vertx.vertx();
  private NodeLanes node;

  @BeforeEach
  void prepare() {
    DATABASE.execute(
        "select create_day((now() at time zone 'UTC')::date + n) from generate_series(-1, 1) n",
        "update lane set owner_id = null",
        "delete from owner",
        "delete from node");
    node = begin();
  }

  @AfterEach
  void stop() throws Exception {
    node.stop(System.nanoTime() + TimeUnit.SECONDS.toNanos(2)).await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private NodeLanes begin() {
    List<Context> loops =
        List.of(
            ((VertxInternal) vertx).createEventLoopContext(),
            ((VertxInternal) vertx).createEventLoopContext());
    return new NodeLanes(
        vertx,
        DATABASE.url().connectOptions(),
        new NodeLanes.Plan("ours", LANES, loops, loop -> surroundings()));
  }

  private static NodeLanes.Surroundings surroundings() {
    return new NodeLanes.Surroundings(new NoSender(), Ids.ofThisHost(), Limits.DEFAULT);
  }

  private void start() throws Exception {
    node.start().await(30, TimeUnit.SECONDS);
  }

  private static long number(String sql) {
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Another node takes all lanes, as it does with those of a node that it has seen dead. */
  private static long takenByAnother(String name, String beatUntil) {
    long owner =
        number(
            "with n as (insert into node (name, beat_until) values ('"
                + name
                + "', "
                + beatUntil
                + ") on conflict (name) do update set beat_until = excluded.beat_until"
                + " returning id) insert into owner (node_id) select id from n returning id");
    DATABASE.execute(
        "insert into lane (id) select n from generate_series(0, 7) n on conflict do nothing",
        "update owner set ended_at = now() where ended_at is null and id <> " + owner,
        "update lane set owner_id = " + owner);
    return owner;
  }

  private static boolean lives(long owner) {
    return number("select count(*) from owner where ended_at is null and id = " + owner) == 1;
  }

  private static void beat(String name) {
    DATABASE.execute(
        "update node set beat_until = clock_timestamp() + interval '10 seconds' where name = '"
            + name
            + "'");
  }

  @Test
  void ownersOfALivingNodeThatTookOurLanesAreNotEnded() throws Exception {
    // Given
    start();
    assertThat(number(OURS)).isEqualTo(LANES);

    // When
    long theirs = takenByAnother("theirs", "now() + interval '10 seconds'");

    // Then
    await()
        .during(LONG)
        .atMost(LONG.plusSeconds(5))
        .until(
            () -> {
              beat("theirs");
              return lives(theirs);
            });
    assertThat(number(OURS)).isZero();
    assertThat(node.ready()).isFalse();

    // When: they hand over
    DATABASE.execute(
        "update owner set ended_at = now() where id = " + theirs,
        "update lane set owner_id = null where owner_id = " + theirs);

    // Then
    await().atMost(SOON).until(node::ready);
    assertThat(number(OURS)).isEqualTo(LANES);
  }

  @Test
  void aNodeStartsBesideALivingOneAndWaits() throws Exception {
    // Given
    long theirs = takenByAnother("theirs", "now() + interval '10 seconds'");

    // When
    var started = node.start();

    // Then
    await()
        .during(LONG)
        .atMost(LONG.plusSeconds(5))
        .until(
            () -> {
              beat("theirs");
              return lives(theirs) && !started.isComplete();
            });
  }

  @Test
  void aNodeSeenDeadForTenSecondsIsReplaced() throws Exception {
    // Given
    long theirs = takenByAnother("theirs", "now() - interval '1 hour'");

    // When
    Duration took = replaces(theirs);

    // Then
    assertThat(took).isGreaterThan(Duration.ofSeconds(10));
  }

  @Test
  void aPredecessorOfTheSameNameIsReplacedAtOnce() throws Exception {
    // Given
    long before = takenByAnother("ours", "now() + interval '10 seconds'");

    // When
    Duration took = replaces(before);

    // Then
    assertThat(took).isLessThan(Duration.ofSeconds(8));
  }

  /** The node starts and has all lanes; how long it took. */
  private Duration replaces(long owner) throws Exception {
    long begin = System.nanoTime();
    start();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(lives(owner)).isFalse();
    assertThat(number(OURS)).isEqualTo(LANES);
    return took;
  }

  @Test
  void whoHasLostItsNameDoesNotEndThoseWhoRunUnderIt() throws Exception {
    // Given
    start();
    try (Connection second = DATABASE.connect();
        Statement statement = second.createStatement()) {
      // When: the session of the heartbeat breaks, and a second process takes the name
      DATABASE.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where datname = current_database() and application_name = 'livehook-node'");
      statement.execute("select pg_advisory_lock(hashtext('livehook.node'), hashtext('ours'))");
      long theirs = takenByAnother("ours", "now() + interval '10 seconds'");

      // Then
      await().during(LONG).atMost(LONG.plusSeconds(5)).until(() -> lives(theirs));
      assertThat(node.ready()).isFalse();
    }

    // Then: the second process is gone
    await().atMost(SOON).until(node::ready);
    assertThat(number(OURS)).isEqualTo(LANES);
  }

  /** Nothing is delivered here. */
  private static final class NoSender implements Sender {
    @Override
    public void connect(OwnerShell owner, Subscription subscription) {
      throw new AssertionError("nothing is subscribed");
    }

    @Override
    public void abort(Delivery delivery) {
      throw new AssertionError("nothing runs");
    }

    @Override
    public void abortAll() {}
  }
}
