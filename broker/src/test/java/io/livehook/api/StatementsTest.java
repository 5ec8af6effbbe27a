package io.livehook.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each statement of the HTTP side is one that PostgreSQL can plan, with every parameter cast. */
class StatementsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Path ROOT = Path.of("src/main/resources/io/livehook");
  private static final Pattern BARE = Pattern.compile("\\$\\d+(?!\\d|::)");

  static Stream<Path> statements() throws Exception {
    Stream<Path> all = Stream.empty();
    for (String each : List.of("api", "resource", "subscription")) {
      all = Stream.concat(all, Files.list(ROOT.resolve(each)));
    }
    return Stream.concat(
        all.filter(file -> file.toString().endsWith(".sql")),
        Stream.of(
            ROOT.resolve("security/find_caller.sql"), ROOT.resolve("security/tenant_by_slug.sql")));
  }

  @ParameterizedTest
  @MethodSource("statements")
  void itIsPlannedAndSaysWhatItsParametersAre(Path file) throws Exception {
    // Given
    String text = Files.readString(file);
    String sql =
        text.lines()
            .filter(line -> !line.startsWith("--"))
            .reduce("", (before, line) -> before + "\n" + line);

    // When
    DATABASE.execute("prepare checked as " + sql);

    // Then
    assertThat(text).startsWith("-- ");
    assertThat(sql.length()).as("fits the cache of prepared statements").isLessThan(2_048);
    assertThat(BARE.matcher(sql).find()).as("a parameter without a cast").isFalse();
  }
}
