package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule of the protocol that model checking found is broken once on purpose, and the simulation
 * has to go red: rules outside the lane by {@link Breach}, rules inside it by a change of the
 * source, compiled into a class loader of its own. The product has no hook for this.
 *
 * <p>What is kept twice is broken twice, since either alone changes nothing that can be seen:
 *
 * <ul>
 *   <li>R14, a floor stays below every {@code since}: the lane asks for no higher one, and the
 *       statement takes the least of what it is given and the committed rows. Both read the same
 *       values: the flush connection is first in, first out, and retention is sent after the flush.
 *   <li>R10, the watermark stands while a {@code gone} transaction is pending ({@code
 *       Lane.gonePending}): not broken here. {@code Subscriptions.stop} leaves the closed
 *       subscription's counts as they are until the transaction was read as committed, since no
 *       path lets go of an inactive one ({@code Behinds.flushed}, {@code Behinds.recheck}, {@code
 *       Endings} all ask {@code active}), so that no update of its own can be passed; and {@code
 *       Flushes.send} sends changes before a watermark. Without the field nothing would differ.
 * </ul>
 */
class MutantsTest {
  private static final int SEARCHED = 1_000;
  private static final Path SOURCES = Path.of("src/main/java/io/livehook/lane");

  /**
   * A rule, the source that keeps it, what stands there, what breaks it, what keeps it a second
   * time outside the lane and is broken too, a seed that shows it.
   */
  private record Mutant(
      String rule, String file, String kept, String broken, Breach beside, long seed) {
    Mutant(String rule, String file, String kept, String broken, long seed) {
      this(rule, file, kept, broken, Breach.NONE, seed);
    }

    @Override
    public String toString() {
      return rule;
    }
  }

  static Stream<Mutant> mutants() {
    return Stream.of(
        new Mutant(
            "R4: a recovered subscription starts at the tail",
            "Subscriptions.java",
            "subscription.cursor = resource.chainLow;",
            "subscription.cursor = lane.tail;",
            3),
        new Mutant(
            "R4: ends from before the owner are not heeded",
            "Subscription.java",
            "(update.id > recoveredTo || !recoveredEnds.contains(update.id))",
            "(update.id > recoveredTo || true)",
            5),
        new Mutant(
            "R6: the answer comes before the commit",
            "Appends.java",
            "    underWay = batch;\n    owner.orders.append(batch);",
            "    underWay = batch;\n"
                + "    lines.forEach(\n"
                + "        line -> owner.answer(line.push(), new Verdict.Accepted(line.update().id,"
                + " false, false)));\n"
                + "    owner.orders.append(batch);",
            1),
        new Mutant(
            "R7: updates from before the subscription are owed",
            "Subscription.java",
            "fromVer <= update.subVer",
            "update.subVer >= 0",
            5),
        new Mutant(
            "R8: what memory does not hold is passed over",
            "Reads.java",
            "      if (page == null) {\n"
                + "        want(subscription, subscription.cursor, Limits.PAGE);\n"
                + "        return null;",
            "      if (page == null) {\n"
                + "        subscription.cursor = resource.chainLow;\n"
                + "        continue;",
            1),
        new Mutant(
            "R8: the cursor does not move with a first attempt",
            "Subscriptions.java",
            "    subscription.cursor = update.id;\n",
            "    subscription.cursor = Math.max(subscription.cursor, update.id - 1);\n",
            1),
        new Mutant(
            "R9: behind before its row is committed",
            "Behinds.java",
            "    queue.add(subscription);\n    owner.flushes.touch();\n  }\n",
            "    queue.add(subscription);\n"
                + "    owner.flushes.touch();\n"
                + "    if (!subscription.uncounted) {\n"
                + "      owner.subscriptions.uncount(subscription);\n"
                + "    }\n"
                + "  }\n",
            2),
        new Mutant(
            "R9: since lies above what is open",
            "Behinds.java",
            "return Math.min(lowest.update.id - 1, subscription.cursor);",
            "return subscription.cursor;",
            1),
        new Mutant(
            "R9: the row is deleted before everything open is above the watermark",
            "Behinds.java",
            "return lowest == null || lowest.update.id >"
                + " subscription.resource.lane.watermark.sent;",
            "return lowest == null || lowest.update.id > 0;",
            1),
        new Mutant(
            "R10: an end counts before its flush was read",
            "Endings.java",
            "    owner.flushes.end(delivery);\n  }\n\n  private void retry",
            "    owner.flushes.end(delivery);\n"
                + "    owner.subscriptions.letGo(delivery);\n"
                + "  }\n\n"
                + "  private void retry",
            2),
        new Mutant(
            "R12: answered before memory and the aborts",
            "Changes.java",
            "        owner.subscriptions.end(ended.subscription());",
            "        ended.subscription().renewedAt = owner.now;",
            2),
        new Mutant(
            "R12: a 410 to an attempt from before the renewal ends it",
            "Endings.java",
            "delivery.startedAt <= subscription.renewedAt || owner",
            "delivery.startedAt < 0 || owner",
            958),
        new Mutant(
            "R13: strict order goes on past a failed head",
            "Dispatch.java",
            "if (subscription.strict() && subscription.failed > 0) {",
            "if (subscription.strict() && subscription.failed > 1_000) {",
            2),
        new Mutant(
            "R13: after a dead letter nobody waits for the flush",
            "Endings.java",
            "      subscription.awaitsFlush = true;\n",
            "      subscription.awaitsFlush = false;\n",
            2),
        new Mutant(
            "R14: a floor above the watermark",
            "Retention.java",
            "Math.min(horizon, lane.watermark.sent)",
            "horizon",
            8),
        new Mutant(
            "R14: a floor above where a subscription that is behind goes on",
            "Retention.java",
            "Math.min(floor, owner.behinds.lowestSince(lane))",
            "floor",
            Breach.FLOORS_AS_GIVEN,
            9));
  }

  /** Seeds that show a breach at once; the others are searched from 1 on. */
  private static long seed(Breach breach) {
    return switch (breach) {
      case APPEND_UNFENCED -> 5;
      case FLUSH_UNFENCED -> 21;
      case CHANGE_UNFENCED -> 20;
      case SENT_AGAIN -> 10;
      case READ_BEFORE_END -> 161;
      case DONE_NOT_READ -> 5;
      case RETRIES_NOT_READ -> 65;
      case IDS_FROM_CLOCK -> 25;
      case NO_LEASE -> 11;
      case CHANGE_ASYNCHRONOUS -> 160;
      case ROWS_LEFT -> 3;
      case FLUSH_ASYNCHRONOUS -> 25;
      case FLUSH_IN_PIECES, DROPPED_AT_WATERMARK -> 2;
      default -> 1;
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Breach.class,
      names = {"NONE", "FLOORS_AS_GIVEN"},
      mode = EnumSource.Mode.EXCLUDE)
  void aRuleBrokenOutsideTheLaneIsSeen(Breach breach) {
    // When
    Long red = search(seed(breach), seed -> Simulation.violation(seed, breach.name()));

    // Then
    assertThat(red).as("no seed of %d shows that %s is broken", SEARCHED, breach).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aRuleBrokenInTheLaneIsSeen(Mutant mutant, @TempDir Path folder) throws Exception {
    // Given
    try (Broken lane = new Broken(mutated(mutant, folder))) {
      // When
      Long red = search(mutant.seed(), seed -> lane.violation(seed, mutant.beside()));

      // Then
      assertThat(red).as("no seed of %d shows that %s is broken", SEARCHED, mutant).isNotNull();
    }
  }

  @Test
  void theUnbrokenLaneIsGreenThere(@TempDir Path folder) throws Exception {
    // Given
    Mutant none = new Mutant("none", "Lane.java", "final class Lane", "final class Lane", 1);
    try (Broken lane = new Broken(mutated(none, folder))) {
      // Then
      assertThat(lane.violation(1, Breach.NONE)).isNull();
      assertThat(lane.violation(2, Breach.NONE)).isNull();
    }
  }

  private interface Run {
    @Nullable String violation(long seed) throws Exception;
  }

  /** The first seed that goes red, beginning with the one that is known to. */
  private static @Nullable Long search(long known, Run run) {
    try {
      if (run.violation(known) != null) {
        return known;
      }
      for (long seed = 1; seed <= SEARCHED; seed++) {
        if (run.violation(seed) != null) {
          System.out.println("found by seed " + seed + " instead of " + known);
          return seed;
        }
      }
      return null;
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static Path mutated(Mutant mutant, Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src"));
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Files.copy(file, sources.resolve(file.getFileName()));
      }
    }
    Path source = sources.resolve(mutant.file());
    String text = Files.readString(source);
    assertThat(text).as("%s: the source has changed", mutant).contains(mutant.kept());
    Files.writeString(source, text.replace(mutant.kept(), mutant.broken()));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(sources, classes);
    return classes;
  }

  private static void compile(Path sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> listed = Files.list(sources)) {
      List<Path> all = new ArrayList<>(listed.toList());
      List<String> options =
          List.of(
              "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
              .call();
      assertThat(compiled).as("the broken source compiles").isTrue();
    }
  }

  /** The broken lane and the simulation beside it, apart from the unbroken one. */
  private static final class Broken extends URLClassLoader {
    private static final String PACKAGE = "io.livehook.lane.";
    private final Method violation;

    Broken(Path classes) throws Exception {
      super(
          new URL[] {
            classes.toUri().toURL(),
            Simulation.class.getProtectionDomain().getCodeSource().getLocation()
          },
          MutantsTest.class.getClassLoader());
      violation =
          loadClass(Simulation.class.getName())
              .getDeclaredMethod("violation", long.class, String.class);
      violation.setAccessible(true);
    }

    @Nullable String violation(long seed, Breach beside) throws Exception {
      return (String) violation.invoke(null, seed, beside.name());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      return super.getResourceAsStream(name);
    }
  }
}
