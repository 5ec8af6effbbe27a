package io.livehook.it;

import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.process.BrokerProcess;
import io.livehook.it.process.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first ten minutes of somebody who has just downloaded the jar. */
class FirstUserIT {
  private final Path folder = Scene.folder("first-user");
  private final Path data = folder.resolve("data");
  private final BrokerProcess broker = BrokerProcess.dev(folder, data);

  @AfterEach
  void stop() throws IOException {
    broker.close();
    long left = postmaster();
    if (left > 0 && ProcFs.runs(left)) {
      ProcessHandle.of(left).ifPresent(ProcessHandle::destroy);
    }
  }

  @Test
  void devIsReadyWithKeysThatOnlyItsUserMayRead() throws IOException {
    // When
    Duration start = broker.start();

    // Then
    assertThat(start).isLessThan(Duration.ofSeconds(15));
    Path keys = data.resolve("dev-keys.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
    assertThat(broker.devKeys(data).tenant()).isEqualTo("dev");
    assertThat(
            List.of(
                broker.devKeys(data).origin(),
                broker.devKeys(data).consumer(),
                broker.devKeys(data).operator()))
        .allMatch(key -> key.startsWith("lh_"))
        .doesNotHaveDuplicates();
    eventually(
        "the mode is labelled",
        Duration.ofSeconds(5),
        () -> printed().contains("Not for production"));
  }

  @Test
  void theThreePrintedCurlLinesWorkAsPrinted() throws Exception {
    // Given
    broker.start();
    List<String> lines = new ArrayList<>();
    eventually(
        "three curl commands are printed",
        Duration.ofSeconds(5),
        () -> {
          lines.clear();
          lines.addAll(curls());
          return lines.size() >= 3;
        });

    // When
    for (String line : lines) {
      Run run = bash(line);

      // Then
      assertThat(run.exit()).as(line + "\n" + run.output()).isZero();
    }
    assertThat(lines).hasSize(3);
  }

  @Test
  void aKilledBrokerFindsItsDatabaseStillRunning() throws Exception {
    // Given
    broker.start();
    String put =
        "curl -sS -X PUT -H 'Authorization: Bearer "
            + broker.devKeys(data).origin()
            + "' --data-binary 'still here' "
            + url();
    assertThat(bash(put).exit()).isZero();
    long postmaster = postmaster();

    // When
    broker.kill();
    assertThat(ProcFs.runs(postmaster)).isTrue();
    broker.start();

    // Then
    assertThat(postmaster()).isEqualTo(postmaster);
    Run get =
        bash("curl -sS -H 'Authorization: Bearer " + broker.devKeys(data).origin() + "' " + url());
    assertThat(get.output()).isEqualTo("still here");

    // When
    int exit = broker.stop(Duration.ofSeconds(40));

    // Then
    assertThat(exit).isZero();
    eventually(
        "its database stopped with it", Duration.ofSeconds(10), () -> !ProcFs.runs(postmaster));
  }

  private String url() {
    return "http://127.0.0.1:" + broker.port() + "/dev/resources/https%3A%2F%2Fo.example%2Fa";
  }

  /** Commands in what was printed, with lines that end in a backslash joined. */
  private List<String> curls() {
    String text = printed().replaceAll("\\\\\n\\s*", "");
    return text.lines().map(String::strip).filter(line -> line.startsWith("curl ")).toList();
  }

  private String printed() {
    try {
      return Files.readString(broker.log());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private record Run(int exit, String output) {}

  /** As a person would run it, but so that a status of 400 or more is a failure. */
  private Run bash(String line) throws IOException, InterruptedException {
    Files.writeString(folder.resolve(".curlrc"), "fail-with-body\nmax-time = 20\n");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true);
    builder.environment().put("CURL_HOME", folder.toAbsolutePath().toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), output);
  }

  /** From the first line of {@code postmaster.pid}; 0 when there is none. */
  private long postmaster() throws IOException {
    if (!Files.isDirectory(data)) {
      return 0;
    }
    try (Stream<Path> files = Files.find(data, 3, (file, any) -> file.endsWith("postmaster.pid"))) {
      List<Path> found = files.toList();
      return found.isEmpty()
          ? 0
          : Long.parseLong(Files.readAllLines(found.getFirst()).getFirst().strip());
    }
  }
}
