package io.livehook.it.bench;

import static io.livehook.it.Eventually.after;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.livehook.it.http.Pump;
import io.livehook.it.load.Ledger;
import io.livehook.it.load.Pace;
import io.livehook.it.load.Publishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What somebody's open REPEATABLE READ transaction costs: PostgreSQL's CPU per delivery, with and
 * without.
 */
final class HeldSnapshot {
  private static final int FANOUT = 10;
  private static final int UPDATES_PER_SECOND = 1_000;
  private static final Duration TIME = Duration.ofSeconds(60);

  private final Options options;

  HeldSnapshot(Options options) {
    this.options = options;
  }

  void run(ObjectNode result) {
    System.out.printf("%nheld snapshot, %,d updates/s at fan-out %d%n", UPDATES_PER_SECOND, FANOUT);
    try (Arrivals sink = Arrivals.start();
        Rig rig = new Rig(options)) {
      rig.subscribe(Throughput.RESOURCES, FANOUT, sink.port());
      Publishers publishers =
          new Publishers(
              rig.target(),
              Throughput.RESOURCES,
              64,
              false,
              Pace.rate(UPDATES_PER_SECOND),
              Ledger.none());
      try (Pump pump = publishers.start("publishers", rig.target().port())) {
        after(options.warmUp());
        double without = window(rig, sink, publishers);
        double with = withSnapshot(rig, () -> window(rig, sink, publishers));
        result.put("postgres_us_without", without);
        result.put("postgres_us_with", with);
        result.put("growth", with / without - 1);
        System.out.printf(
            "  PostgreSQL µs per delivery: %.2f without, %.2f with: %+.0f %%%n",
            without, with, (with / without - 1) * 100);
      }
    }
  }

  private double window(Rig rig, Arrivals sink, Publishers publishers) {
    Usage before = Usage.of(rig, sink, publishers.acknowledged());
    after(TIME);
    return Usage.of(rig, sink, publishers.acknowledged()).since(before).postgresCpu();
  }

  private double withSnapshot(Rig rig, DoubleSupplier measurement) {
    try (Connection connection = rig.postgres().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("select count(*) from lane");
      double measured = measurement.getAsDouble();
      connection.rollback();
      return measured;
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
