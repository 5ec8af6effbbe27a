package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {
  @Test
  void bothDriversUnderstandTheSameUrl() {
    // When
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgresql://an%40na:p%3A%2F+s%C3%A4@db.example:5433/hooks?sslmode=disable");

    // Then
    assertThat(url.connectOptions().getUser()).isEqualTo("an@na");
    assertThat(url.connectOptions().getPassword()).isEqualTo("p:/+sä");
    assertThat(url.connectOptions().getHost()).isEqualTo("db.example");
    assertThat(url.connectOptions().getPort()).isEqualTo(5433);
    assertThat(url.connectOptions().getDatabase()).isEqualTo("hooks");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db.example:5433/hooks?sslmode=disable");
    assertThat(url.jdbcProperties())
        .containsEntry("user", "an@na")
        .containsEntry("password", "p:/+sä");
  }

  @Test
  void thePortIsPostgresOwnUnlessGiven() {
    assertThat(DatabaseUrl.parse("postgres://me@localhost/hooks").port()).isEqualTo(5432);
  }

  @Test
  void whatIsRevealedParsesToTheSame() {
    // Given
    DatabaseUrl url = DatabaseUrl.parse("postgresql://a:b%25c@h:1/d%20e?options=-c%20x%3D1");

    // When
    DatabaseUrl again = DatabaseUrl.parse(url.reveal());

    // Then
    assertThat(again).isEqualTo(url);
  }

  @Test
  void thePasswordIsNeverPrinted() {
    // Given
    String text = "postgresql://anna:geheim@localhost/hooks?password=geheim";

    // Then
    assertThat(DatabaseUrl.parse(text).toString()).doesNotContain("geheim");
    assertThat(DatabaseUrl.mask(text)).doesNotContain("geheim");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://localhost/x, not a PostgreSQL URL",
    "postgresql://localhost, no database",
    "postgresql://localhost/, no database",
    "postgresql:///x, no host",
    "postgresql://a:geheim^@localhost/x, not a URL",
    "postgresql://localhost/x?slmode=off, unknown parameter 'slmode'",
  })
  void aBrokenUrlIsExplainedWithoutThePassword(String text, String message) {
    assertThatThrownBy(() -> DatabaseUrl.parse(text).toString())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("geheim");
  }
}
