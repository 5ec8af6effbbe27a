package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A generated file that is kept in the repository: compared as a rule, written again when {@code
 * LIVEHOOK_TEST_WRITE} is true.
 */
final class CommittedFile {
  private CommittedFile() {}

  static void check(String path, String target, String expected) throws IOException {
    Path file = Path.of(System.getProperty("user.dir")).resolve("..").resolve(path).normalize();
    if ("true".equals(System.getenv("LIVEHOOK_TEST_WRITE"))) {
      Files.createDirectories(file.resolve("..").normalize());
      Files.writeString(file, expected);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s is out of date; write it again with 'make %s'", path, target)
        .isEqualTo(expected);
  }
}
