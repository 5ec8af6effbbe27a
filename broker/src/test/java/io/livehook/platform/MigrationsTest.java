package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrationsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.empty();

  @Test
  void whatIsPendingRunsOnce() {
    // Given
    Migrations migrations = new Migrations(DATABASE.url());
    int pending = migrations.pending().size();

    // When
    int first = migrations.migrate();
    int second = migrations.migrate();

    // Then
    assertThat(pending).isPositive();
    assertThat(first).isEqualTo(pending);
    assertThat(second).isZero();
    assertThat(migrations.pending()).isEmpty();
  }
}
