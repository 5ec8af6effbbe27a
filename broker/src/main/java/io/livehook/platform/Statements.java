package io.livehook.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Reads the {@code .sql} files that stand beside a package's classes. Called at class loading. */
public final class Statements {
  private Statements() {}

  /** The statement in NAME.sql beside the class, without its comments. */
  public static String load(Class<?> beside, String name) {
    try (InputStream file = beside.getResourceAsStream(name + ".sql")) {
      if (file == null) {
        throw new IllegalStateException("no " + name + ".sql beside " + beside.getName());
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.stripLeading().startsWith("--"))
          .collect(Collectors.joining("\n"))
          .strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
