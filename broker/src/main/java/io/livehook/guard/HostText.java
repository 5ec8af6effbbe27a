package io.livehook.guard;

import java.util.Set;
import java.util.regex.Pattern;

/** The grammar of names and ports (reliability.md U4, U8). Pure. */
final class HostText {
  private static final int LONGEST_NAME = 253;
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*+");
  private static final Pattern NUMBER_AT_THE_END = Pattern.compile("(^|\\.)[0-9][^.]*\\.?$");
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

  private HostText() {}

  /**
   * Its last label begins with a digit, as no domain's does, so some parser would read a number
   * there: it must be a canonical dotted quad.
   */
  static boolean endsInANumber(String host) {
    return NUMBER_AT_THE_END.matcher(host).find();
  }

  /** Labels of letters, digits and hyphens; one dot may follow the last. */
  static boolean isName(String host) {
    String name = bare(host);
    return name.length() <= LONGEST_NAME && !endsInANumber(host) && NAME.matcher(name).matches();
  }

  static String bare(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  static boolean isPort(String port) {
    return PORT.matcher(port).matches() && Integer.parseInt(port) <= 65_535;
  }

  /** Whether it is one of these names or below one. */
  static boolean isBelow(String name, Set<String> suffixes) {
    if (suffixes.isEmpty()) {
      return false;
    }
    for (String each = name; ; each = each.substring(each.indexOf('.') + 1)) {
      if (suffixes.contains(each)) {
        return true;
      }
      if (each.indexOf('.') < 0) {
        return false;
      }
    }
  }
}
