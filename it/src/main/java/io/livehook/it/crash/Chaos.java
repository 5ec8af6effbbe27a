package io.livehook.it.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code make chaos N=…}: a crash loop of N kills; {@code Chaos N [SEED]}. */
public final class Chaos {
  private Chaos() {}

  public static void main(String[] arguments) throws IOException {
    int kills = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "chaos");
    System.out.println("seed " + seed + ", " + kills + " kills, in " + folder);
    CrashLoop.Plan plan = new CrashLoop.Plan(seed, kills, Math.max(1, kills / 10), 1000, 200, 4);
    CrashLoop.Outcome outcome = new CrashLoop(folder, plan).run();
    System.out.println(outcome);
    System.exit(outcome.verdict().clean() ? 0 : 1);
  }
}
