package io.livehook;

import io.livehook.command.Livehook;
import java.io.File;

/**
 * The program's entry. Compiled for Java 8, so that an old Java gets a sentence instead of a class
 * version error; everything else is behind {@link Livehook}.
 */
public final class Main {
  private static final int NEEDED = 21;

  private Main() {}

  public static void main(String[] args) {
    int found = major(System.getProperty("java.specification.version"));
    if (found < NEEDED) {
      System.err.println(complaint(found, new File("/usr/lib/jvm")));
      System.exit(3);
    }
    Livehook.main(args);
  }

  static int major(String specification) {
    String[] parts = specification.split("\\.");
    return Integer.parseInt(parts[0].equals("1") ? parts[1] : parts[0]);
  }

  static String complaint(int found, File folder) {
    String better = newer(folder);
    return "Livehook needs Java "
        + NEEDED
        + " or newer, found "
        + found
        + (better.isEmpty() ? "." : "; " + better + " would do.");
  }

  /** The last folder whose name carries a number of at least 21, or nothing. */
  private static String newer(File folder) {
    String best = "";
    File[] found = folder.listFiles();
    if (found != null) {
      for (File home : found) {
        if (new File(home, "bin/java").canExecute() && numberIn(home.getName()) >= NEEDED) {
          best = home + "/bin/java";
        }
      }
    }
    return best;
  }

  private static int numberIn(String name) {
    String digits = name.replaceAll("^\\D*(1\\.)?(\\d{1,3}).*$", "$2");
    return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : 0;
  }
}
