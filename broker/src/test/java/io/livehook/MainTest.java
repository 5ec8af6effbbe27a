package io.livehook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @Test
  void anOldJavaIsToldWhichOneIsNeeded(@TempDir Path folder) {
    // Given
    File empty = folder.toFile();

    // When
    String complaint = Main.complaint(17, empty);

    // Then
    assertThat(complaint).isEqualTo("Livehook needs Java 21 or newer, found 17.");
  }

  @Test
  void anOldJavaIsToldWhereANewerOneIs(@TempDir Path folder) throws Exception {
    // Given
    Path bin = folder.resolve("temurin-25-jdk-amd64/bin");
    assertThat(bin.toFile().mkdirs()).isTrue();
    Path java = bin.resolve("java");
    assertThat(java.toFile().createNewFile()).isTrue();
    assertThat(java.toFile().setExecutable(true)).isTrue();

    // When
    String complaint = Main.complaint(17, folder.toFile());

    // Then
    assertThat(complaint).endsWith("found 17; " + java + " would do.");
  }

  @Test
  void oldAndNewVersionNumbersAreUnderstood() {
    assertThat(Main.major("1.8")).isEqualTo(8);
    assertThat(Main.major("25")).isEqualTo(25);
  }
}
