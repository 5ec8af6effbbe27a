package io.livehook.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where the master keys come from: a text in the settings, a file, or a command that prints them.
 * File and command are asked again whenever a key is met that is not known, so that a new one needs
 * no restart. Immutable.
 */
public record MasterKeySource(
    Optional<Secret> text, Optional<Path> file, Optional<String> command) {
  public static final MasterKeySource NONE =
      new MasterKeySource(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int COMMAND_SECONDS = 20;
  private static final int MOST_BYTES = 16_384;

  public static MasterKeySource of(Path file) {
    return new MasterKeySource(Optional.empty(), Optional.of(file), Optional.empty());
  }

  public static MasterKeySource of(Secret text) {
    return new MasterKeySource(Optional.of(text), Optional.empty(), Optional.empty());
  }

  public boolean given() {
    return named() > 0;
  }

  /** How many sources are named: more than one is a fault. */
  int named() {
    return (int) (text.stream().count() + file.stream().count() + command.stream().count());
  }

  /** The keys as text, which is the caller's to wipe. Blocks: not for event loops. */
  public Secret read() throws IOException {
    if (file.isPresent()) {
      return new Secret(Files.readString(file.get()).strip());
    }
    if (command.isPresent()) {
      return run(command.get());
    }
    Secret given = text.orElseThrow(() -> new IOException("no master key is set"));
    return new Secret(given.reveal());
  }

  /** The same for event loops. */
  public Future<Secret> read(Vertx vertx) {
    return vertx.executeBlocking(this::read).map(text -> Objects.requireNonNull(text));
  }

  /** What it writes to its standard error is for the operator; what it prints never is. */
  private static Secret run(String command) throws IOException {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try (var printed = process.getInputStream()) {
      byte[] bytes = printed.readNBytes(MOST_BYTES);
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            "master.key.command did not end within %d s".formatted(COMMAND_SECONDS));
      }
      if (process.exitValue() != 0) {
        throw new IOException("master.key.command ended with status " + process.exitValue());
      }
      return new Secret(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while master.key.command ran", stopped);
    } finally {
      process.destroyForcibly();
    }
  }
}
