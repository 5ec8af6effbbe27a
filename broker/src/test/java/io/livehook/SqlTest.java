package io.livehook;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every statement of every package, against the real schema. */
class SqlTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Path ROOT = Path.of("src/main/resources/io/livehook");

  /** Longer ones are not cached by the client, silently. */
  private static final int CACHED = 2048;

  private static final Pattern UNCAST = Pattern.compile("\\$\\d+(?!\\d|::)");
  private static final Pattern INDEXES = Pattern.compile("Index ([a-z0-9_, ]+)");
  private static final Pattern WHOLE_BIG_TABLE =
      Pattern.compile(
          "Seq Scan on"
              + " (update_log|attempt|idempotency|retry|dead_letter|gap|subscription|resource)");
  private static Connection connection;

  @BeforeAll
  static void connect() throws SQLException {
    // The simple protocol leaves $1 alone; PostgreSQL plans it without a value.
    Properties properties = DATABASE.url().jdbcProperties();
    properties.setProperty("preferQueryMode", "simple");
    connection = DriverManager.getConnection(DATABASE.url().jdbc(), properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute("select create_day((now() at time zone 'UTC')::date)");
      statement.execute("set enable_seqscan = off");
    }
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void aStatementBeginsWithWhatItIsFor(Path file) throws IOException {
    assertThat(Files.readString(file)).startsWith("-- ");
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyParameterIsCast(Path file) throws IOException {
    // Given: an uncast one makes the client prepare again, which loses count of its pipeline
    String sql = statement(file);

    // Then
    assertThat(sql).doesNotContainPattern(UNCAST);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aStatementIsShortEnoughToBeCached(Path file) throws IOException {
    assertThat(statement(file)).hasSizeLessThan(CACHED);
  }

  @ParameterizedTest
  @MethodSource("files")
  void postgresUnderstandsIt(Path file) throws Exception {
    assertThat(plan(statement(file))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void theIndexesItReliesOnExist(Path file) throws Exception {
    // Given
    List<String> named = indexes(Files.readString(file));

    // Then
    try (Statement statement = connection.createStatement()) {
      for (String index : named) {
        try (ResultSet row =
            statement.executeQuery("select to_regclass('public." + index + "') is not null")) {
          assertThat(row.next()).isTrue();
          assertThat(row.getBoolean(1)).as(index).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatNamesAnIndexNeverReadsAWholeBigTable(Path file) throws Exception {
    // Given: with sequential scans off one is planned only where no index would do
    List<String> named = indexes(Files.readString(file));

    // When
    String plan = plan(statement(file));

    // Then
    if (!named.isEmpty()) {
      assertThat(plan).doesNotContainPattern(WHOLE_BIG_TABLE);
    }
  }

  private static String plan(String sql) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet line = statement.executeQuery("explain (generic_plan) " + sql)) {
      while (line.next()) {
        plan.append(line.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /** Without comments, as the broker loads it; JDBC's parameters numbered like the others. */
  private static String statement(Path file) throws IOException {
    String sql =
        Files.readAllLines(file).stream()
            .filter(line -> !line.stripLeading().startsWith("--"))
            .collect(Collectors.joining("\n"));
    Matcher parameter = Pattern.compile("\\?").matcher(sql);
    int[] number = {0};
    return parameter.replaceAll(found -> "\\$" + ++number[0]);
  }

  private static List<String> indexes(String text) {
    List<String> names = new ArrayList<>();
    text.lines()
        .filter(line -> line.startsWith("--"))
        .map(INDEXES::matcher)
        .filter(Matcher::find)
        .flatMap(found -> Stream.of(found.group(1).split(", | or ")))
        .map(String::strip)
        .filter(name -> name.contains("_"))
        .forEach(names::add);
    return names;
  }
}
