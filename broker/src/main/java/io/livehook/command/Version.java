package io.livehook.command;

import java.io.File;
import java.io.IOException;
import java.security.CodeSource;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** What this jar is, from its manifest; a build that is not packaged says so. */
final class Version implements IVersionProvider {
  private final Attributes attributes = attributes();

  @Override
  public String[] getVersion() {
    return new String[] {
      "Livehook %s (commit %s)".formatted(number(), attribute("Livehook-Commit", "unknown")),
      "Java %s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor", "?")),
      "PostgreSQL %s (embedded, for dev)".formatted(postgres()),
    };
  }

  String number() {
    return attribute("Implementation-Version", "unpackaged");
  }

  String postgres() {
    return attribute("Livehook-PostgreSQL", "18");
  }

  private String attribute(String name, String otherwise) {
    String value = attributes.getValue(name);
    return value == null || value.startsWith("${") ? otherwise : value;
  }

  private static Attributes attributes() {
    CodeSource source = Version.class.getProtectionDomain().getCodeSource();
    File file = new File(source == null ? "" : source.getLocation().getPath());
    if (!file.isFile()) {
      return new Attributes();
    }
    try (JarFile jar = new JarFile(file)) {
      Manifest manifest = jar.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (IOException unreadable) {
      return new Attributes();
    }
  }
}
