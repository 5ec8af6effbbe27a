package io.livehook.it.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's AOT cache of a packaged jar (JEP 483, 514, 515): classes loaded and linked in a
 * training run, which is {@code demo}. It lies beside the jar and is made again when the jar is
 * newer.
 */
public final class AotCache {
  /** One-step training came with JDK 25. */
  private static final int FIRST_JDK = 25;

  private AotCache() {}

  /** The JVM options that use the cache; none on a JDK that cannot make one in one step. */
  public static synchronized List<String> options(Path jar) {
    if (Runtime.version().feature() < FIRST_JDK) {
      return List.of();
    }
    Path cache = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", ".aot"));
    try {
      if (!Files.exists(cache)
          || Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        train(jar, cache);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return List.of("-XX:AOTCache=" + cache);
  }

  /** {@code make aot}: {@code AotCache JAR}. */
  public static void main(String[] arguments) {
    System.out.println(String.join(" ", options(Path.of(arguments[0]).toAbsolutePath())));
  }

  private static void train(Path jar, Path cache) throws IOException {
    Path fresh = cache.resolveSibling(cache.getFileName() + ".new");
    ProcessBuilder training =
        new ProcessBuilder(
                BrokerProcess.java(),
                "-Xmx512m",
                "-XX:AOTCacheOutput=" + fresh,
                "-jar",
                jar.toString(),
                "demo")
            .redirectErrorStream(true);
    training.environment().keySet().removeIf(name -> name.startsWith("LIVEHOOK_"));
    Process process = training.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0 || !Files.exists(fresh)) {
        throw new IllegalStateException("no AOT cache came of the training run: " + said);
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
    Files.move(fresh, cache, ATOMIC_MOVE);
  }
}
