package io.livehook.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What a cluster's {@code postmaster.pid} and the process table say about its server, dead or
 * alive. Holds no state; blocks only where it says so.
 *
 * <p>A PostgreSQL process stands in its cluster's folder, which tells it from any other process
 * that got its number later.
 */
final class Postmaster {
  private static final Path PROCESSES = Path.of("/proc");
  private final Path cluster;

  Postmaster(Path cluster) {
    this.cluster = cluster;
  }

  /** The port of a server that is running on this cluster, left over or our own. */
  OptionalInt livingPort() {
    List<String> lines = pidFile();
    boolean complete = lines.size() > 3 && lines.get(3).strip().matches("\\d{1,5}");
    return complete && living(lines.get(0).strip())
        ? OptionalInt.of(Integer.parseInt(lines.get(3).strip()))
        : OptionalInt.empty();
  }

  boolean alive() {
    List<String> lines = pidFile();
    return !lines.isEmpty() && living(lines.get(0).strip());
  }

  /**
   * After the postmaster was killed: waits until its children are gone (they would block the
   * restart with their shared memory), ends them if they stay, and removes a pid file that names a
   * zombie or a stranger, which PostgreSQL would believe. Blocks up to the given time.
   */
  void clearRemains(Duration patience) throws IOException {
    if (alive()) {
      return;
    }
    long end = System.nanoTime() + patience.toNanos();
    while (!inCluster().isEmpty() && System.nanoTime() < end) {
      pause();
    }
    inCluster().forEach(ProcessHandle::destroyForcibly);
    Files.deleteIfExists(cluster.resolve("postmaster.pid"));
  }

  private List<String> pidFile() {
    try {
      return Files.readAllLines(cluster.resolve("postmaster.pid"));
    } catch (IOException missing) {
      return List.of();
    }
  }

  private boolean living(String pid) {
    return pid.matches("\\d{1,9}") && standsInCluster(PROCESSES.resolve(pid)) && !zombie(pid);
  }

  private List<ProcessHandle> inCluster() {
    try (Stream<Path> processes = Files.list(PROCESSES)) {
      return processes
          .filter(process -> process.getFileName() != null)
          .filter(process -> String.valueOf(process.getFileName()).matches("\\d+"))
          .filter(this::standsInCluster)
          .map(process -> Long.parseLong(String.valueOf(process.getFileName())))
          .map(ProcessHandle::of)
          .flatMap(Optional::stream)
          .toList();
    } catch (IOException noProcessTable) {
      throw new UncheckedIOException(noProcessTable);
    }
  }

  private boolean standsInCluster(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(cluster);
    } catch (IOException goneOrForeign) {
      return false;
    }
  }

  private static boolean zombie(String pid) {
    try {
      String stat = Files.readString(PROCESSES.resolve(pid).resolve("stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException gone) {
      return true;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
