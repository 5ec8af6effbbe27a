import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which test shows which rule of LiveResource. {@code Conformance classes} prints the test classes
 * that name rules by {@code @Rule}; {@code Conformance check}, after they have run, prints rule id
 * → test and fails when a rule has no test, or one that failed, was skipped or did not run.
 */
class Conformance {
  private static final Pattern RULE =
      Pattern.compile("@Rule\\(([^)]*)\\)[\\s\\S]*?\\bvoid (\\w+)\\(");
  private static final Pattern ID = Pattern.compile("\"([A-Z]+-\\d+)\"");
  private static final Pattern CASE =
      Pattern.compile(
          "<testcase name=\"(\\w+)[^\"]*\" classname=\"([^\"]+)\"[^>]*?(/>|>(.*?)</testcase>)",
          Pattern.DOTALL);

  record Test(String type, String method) {}

  /** Exactly the callback half; without the waits, which nothing serves. */
  static List<String> rules() {
    List<String> rules = new ArrayList<>();
    add(rules, "DISC", IntStream.rangeClosed(1, 12));
    add(rules, "SUB", IntStream.rangeClosed(1, 10));
    add(rules, "DLV", IntStream.rangeClosed(1, 9));
    add(rules, "CH", IntStream.of(1, 2, 3, 5, 6, 7));
    add(rules, "PUSH", IntStream.of(1, 2, 3, 7));
    add(
        rules,
        "GAP",
        IntStream.concat(IntStream.rangeClosed(1, 17), IntStream.of(20, 21, 22, 24, 26, 27)));
    return rules;
  }

  private static void add(List<String> rules, String group, IntStream numbers) {
    numbers.forEach(number -> rules.add(group + "-" + number));
  }

  public static void main(String[] args) throws IOException {
    Map<String, Set<Test>> tests = tests();
    if (args[0].equals("classes")) {
      System.out.println(
          tests.values().stream()
              .flatMap(Set::stream)
              .map(Test::type)
              .distinct()
              .sorted()
              .collect(Collectors.joining(",")));
      return;
    }
    Map<Test, String> runs = runs();
    Set<String> wrong = new TreeSet<>();
    List<String> missing = new ArrayList<>();
    for (String rule : rules()) {
      Set<Test> shown = tests.getOrDefault(rule, Set.of());
      if (shown.isEmpty()) {
        missing.add(rule);
      }
      for (Test test : shown) {
        String run = runs.getOrDefault(test, "did not run");
        System.out.printf(
            "%-8s → %s.%s%s%n",
            rule, test.type(), test.method(), run.isEmpty() ? "" : "  " + run.toUpperCase());
        if (!run.isEmpty()) {
          wrong.add(rule);
        }
      }
    }
    tests.keySet().stream()
        .filter(rule -> !rules().contains(rule))
        .forEach(rule -> System.out.println("no such rule: " + rule));
    System.out.printf(
        "%d rules, %d shown, missing: %s, not shown by a run: %s%n",
        rules().size(), rules().size() - missing.size(), missing, wrong);
    System.exit(missing.isEmpty() && wrong.isEmpty() ? 0 : 1);
  }

  private static Map<String, Set<Test>> tests() throws IOException {
    Map<String, Set<Test>> tests = new LinkedHashMap<>();
    for (Path file : files(".java", "broker/src/test/java", "it/src/test/java")) {
      Matcher found = RULE.matcher(Files.readString(file));
      while (found.find()) {
        String type = file.getFileName().toString().replace(".java", "");
        Matcher id = ID.matcher(found.group(1));
        while (id.find()) {
          tests
              .computeIfAbsent(id.group(1), rule -> new LinkedHashSet<>())
              .add(new Test(type, found.group(2)));
        }
      }
    }
    return tests;
  }

  /** What was wrong with each test that ran; empty = it passed, in all its rows. */
  private static Map<Test, String> runs() throws IOException {
    Map<Test, String> runs = new LinkedHashMap<>();
    for (Path file :
        files(".xml", "broker/target/surefire-reports", "it/target/failsafe-reports")) {
      Matcher found = CASE.matcher(Files.readString(file));
      while (found.find()) {
        String inside = found.group(4) == null ? "" : found.group(4);
        String fault =
            inside.contains("<skipped")
                ? "skipped"
                : inside.contains("<failure") || inside.contains("<error") ? "failed" : "";
        String type = found.group(2).substring(found.group(2).lastIndexOf('.') + 1);
        runs.merge(
            new Test(type, found.group(1)), fault, (one, other) -> one.isEmpty() ? other : one);
      }
    }
    return runs;
  }

  private static List<Path> files(String ending, String... roots) throws IOException {
    List<Path> all = new ArrayList<>();
    for (String root : roots) {
      if (Files.isDirectory(Path.of(root))) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
          files.filter(file -> file.toString().endsWith(ending)).sorted().forEach(all::add);
        }
      }
    }
    return all;
  }
}
