package io.livehook.platform;

import io.livehook.guard.GuardList;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a setting's text means: how it is read, and how to put it right. Pure.
 *
 * @param unit what the documentation calls it
 * @param read turns text into a value, or throws with the fix as its message
 */
record Kind<T>(String unit, Function<String, T> read) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)?");
  private static final Map<String, Long> MILLISECONDS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  static Kind<String> text(String shape) {
    Pattern pattern = Pattern.compile(shape);
    return new Kind<>(
        "text",
        text -> {
          if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("write text of the form " + shape);
          }
          return text;
        });
  }

  static Kind<Integer> count(int least, int most) {
    return new Kind<>(
        "number, %d to %d".formatted(least, most),
        text -> {
          String fix = "write a whole number from %d to %d".formatted(least, most);
          return (int) within(wholeNumber(text, fix), least, most, fix);
        });
  }

  static Kind<Boolean> flag() {
    return new Kind<>(
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("write true or false");
            });
  }

  static Kind<Duration> duration(String least, String most) {
    return new Kind<>(
        "duration, %s to %s".formatted(least, most),
        text -> {
          String fix =
              "write a duration from %s to %s, such as 30s, 5m or 7d".formatted(least, most);
          long value = milliseconds(text, fix);
          return Duration.ofMillis(
              within(value, milliseconds(least, fix), milliseconds(most, fix), fix));
        });
  }

  static Kind<Long> size(String least, String most) {
    return new Kind<>(
        "size, %s to %s".formatted(least, most),
        text -> {
          String fix = "write a size from %s to %s, such as 64KiB or 1MiB".formatted(least, most);
          return within(bytes(text, fix), bytes(least, fix), bytes(most, fix), fix);
        });
  }

  static Kind<List<Duration>> schedule() {
    String fix =
        "write seconds between 1 and 2592000, comma-separated, at most 50, such as 5,300,1800";
    return new Kind<>(
        "seconds, comma-separated",
        text -> {
          List<Duration> waits =
              Arrays.stream(text.split(",", -1))
                  .map(String::strip)
                  .map(part -> within(wholeNumber(part, fix), 1, 2_592_000, fix))
                  .map(Duration::ofSeconds)
                  .toList();
          if (waits.size() > 50) {
            throw new IllegalArgumentException(fix);
          }
          return waits;
        });
  }

  static Kind<Path> folder() {
    return new Kind<>(
        "folder",
        text -> {
          try {
            return Path.of(text);
          } catch (InvalidPathException broken) {
            throw new IllegalArgumentException("write the path of a folder", broken);
          }
        });
  }

  static Kind<Path> file() {
    return new Kind<>(
        "file",
        text -> {
          Path path = folder().read().apply(text);
          if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("name a file that can be read");
          }
          return path;
        });
  }

  static Kind<GuardList> guardList() {
    return new Kind<>("addresses, names and ports, comma-separated", GuardList::parse);
  }

  static Kind<URI> proxy() {
    String fix = "write http://host:port or socks5://host:port";
    return new Kind<>(
        "proxy",
        text -> {
          if (!text.matches("(http|socks5)://[A-Za-z0-9.-]+:[0-9]{1,5}/?")) {
            throw new IllegalArgumentException(fix);
          }
          URI uri = URI.create(text);
          long port = within(uri.getPort(), 1, 65_535, fix);
          return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port);
        });
  }

  static Kind<Secret> secret(int leastLength) {
    return new Kind<>(
        "secret",
        text -> {
          if (text.length() < leastLength) {
            throw new IllegalArgumentException(
                "too short: at least %d characters, such as the output of 'openssl rand -hex 32'"
                    .formatted(leastLength));
          }
          return new Secret(text);
        });
  }

  static Kind<DatabaseUrl> database() {
    return new Kind<>("PostgreSQL URL", DatabaseUrl::parse);
  }

  /** An http(s) URL without query or fragment; a slash at its end is taken away. */
  static Kind<String> baseUrl() {
    String fix = "write an http or https URL without query, such as https://hooks.example.com";
    return new Kind<>(
        "URL",
        text -> {
          try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("http") || scheme.equals("https");
            if (!web
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null) {
              throw new IllegalArgumentException(fix);
            }
            return text.replaceAll("/+$", "");
          } catch (URISyntaxException broken) {
            throw new IllegalArgumentException(fix, broken);
          }
        });
  }

  private static long wholeNumber(String text, String fix) {
    if (!text.matches("\\d{1,12}")) {
      throw new IllegalArgumentException(fix);
    }
    return Long.parseLong(text);
  }

  private static long milliseconds(String text, String fix) {
    return scaled(DURATION.matcher(text), MILLISECONDS, "", fix);
  }

  private static long bytes(String text, String fix) {
    return scaled(SIZE.matcher(text), BYTES, "B", fix);
  }

  private static long scaled(Matcher text, Map<String, Long> units, String unitIfNone, String fix) {
    if (!text.matches()) {
      throw new IllegalArgumentException(fix);
    }
    String unit = text.group(2) == null ? unitIfNone : text.group(2);
    return Long.parseLong(text.group(1)) * units.getOrDefault(unit, 0L);
  }

  private static long within(long value, long least, long most, String fix) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(fix);
    }
    return value;
  }
}
