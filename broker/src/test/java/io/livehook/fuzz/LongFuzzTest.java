package io.livehook.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code make fuzz}: half of the time the seeded generators, half of it Jazzer where it runs. */
@EnabledIfSystemProperty(named = LongFuzzTest.SECONDS, matches = "[0-9]+")
class LongFuzzTest {
  static final String SECONDS = "livehook.fuzz.seconds";
  private static final long HALF = Math.max(1, Long.getLong(SECONDS, 300) / 2);

  @Test
  void seededGeneratorsBreakNoPromise() {
    long seed = Long.getLong("livehook.fuzz.seed", new Random().nextLong());
    System.out.println("Fuzzing for " + HALF + " s from -Dlivehook.fuzz.seed=" + seed);

    long inputs = Fuzz.forSeconds(HALF, seed);

    System.out.println(inputs + " inputs, no promise broken");
    assertThat(inputs).isPositive();
  }

  @Test
  void jazzerBreaksNoPromise() throws Exception {
    // Given
    List<String> jars = jazzer(Path.of(System.getProperty("livehook.jazzer", "missing")));
    if (jars.isEmpty()) {
      System.out.println("!!! NOT FUZZED BY COVERAGE: Jazzer is not there !!!");
      return;
    }

    // When
    Path folder = Files.createTempDirectory("livehook-jazzer");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                String.join(File.pathSeparator, jars)
                    + File.pathSeparator
                    + System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerTarget.class.getName(),
                "--instrumentation_includes=io.livehook.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + HALF)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();

    // Then
    if (!output.contains("INITED")) {
      System.out.println("!!! NOT FUZZED BY COVERAGE: Jazzer does not start here !!!\n" + output);
      return;
    }
    System.out.println(output.lines().filter(line -> line.startsWith("Done")).toList());
    assertThat(exit).as(output).isZero();
  }

  private static List<String> jazzer(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).toList();
    }
  }
}
