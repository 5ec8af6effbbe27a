package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A generated file that is kept in the repository: compared as a rule, written again when the JVM
 * was started with {@code -Dgenerated=write}.
 */
final class CommittedFile {
  private CommittedFile() {}

  static void check(String path, String expected) throws IOException {
    Path file = Path.of(System.getProperty("user.dir")).resolve("..").resolve(path).normalize();
    if ("write".equals(System.getProperty("generated"))) {
      Files.createDirectories(file.resolve("..").normalize());
      Files.writeString(file, expected);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s is out of date; write it again with 'make schema'", path)
        .isEqualTo(expected);
  }
}
