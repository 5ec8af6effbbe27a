package io.livehook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PackagedJarIT {
  private static final Path JAR = Path.of(System.getProperty("livehook.jar", "missing"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @Test
  void theJarRunsByItself() throws Exception {
    // Given
    var command = new ProcessBuilder(JAVA.toString(), "-jar", JAR.toString(), "--version");

    // When
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());

    // Then
    assertThat(process.waitFor()).isZero();
    assertThat(output).contains("Livehook");
  }
}
