package io.livehook.it;

import static io.livehook.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.process.PostgresCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The PostgreSQL of these tests survives what is done to it. */
class ClusterIT {
  @Test
  void committedRowsSurviveAKillOfThePostmaster() {
    try (PostgresCluster postgres =
        new PostgresCluster(Path.of("target/cluster-it-" + System.nanoTime()))) {
      // Given
      postgres.execute("create table t (n int)");
      postgres.execute("insert into t values (1)");

      // When
      postgres.kill();
      postgres.start();

      // Then
      assertThat(postgres.number("select count(*) from t")).isEqualTo(1);
      assertThat(
              postgres.number(
                  "select count(*) from pg_settings where name = 'fsync' and setting = 'on'"))
          .isOne();
      long before = postgres.cpuMicros();
      eventually(
          "CPU time of the backends counts",
          Duration.ofSeconds(20),
          () -> {
            long ignored = postgres.number("select count(*) from generate_series(1, 300000)");
            return ignored > 0 && postgres.cpuMicros() > before;
          });
    }
  }
}
