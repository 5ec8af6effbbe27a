package io.livehook.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The jar says what it is made of (CycloneDX), and it is made of one version of each, none old. */
class BillOfMaterialsIT {
  private static final String JAR = System.getProperty("livehook.jar", "missing");

  private static String entry(String name) throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      return new String(jar.getInputStream(jar.getJarEntry(name)).readAllBytes(), UTF_8);
    }
  }

  @Test
  void everyComponentIsThereOnceAndNettyIsNotKnownVulnerable() throws IOException {
    // When
    JsonNode bom = Scene.json(entry("META-INF/sbom/bom.json"));

    // Then
    assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    Map<String, Set<String>> versions = new HashMap<>();
    for (JsonNode each : bom.path("components")) {
      versions
          .computeIfAbsent(
              each.path("group").asText() + ":" + each.path("name").asText(),
              name -> new HashSet<>())
          .add(each.path("version").asText());
    }
    assertThat(versions).containsKeys("io.vertx:vertx-core", "org.postgresql:postgresql");
    assertThat(versions).allSatisfy((name, each) -> assertThat(each).as(name).hasSize(1));
    versions.forEach(
        (name, each) -> {
          if (name.startsWith("io.netty:")) {
            assertThat(each).as(name).allMatch(BillOfMaterialsIT::patched);
          }
        });
    assertThat(versions.keySet()).noneMatch(name -> name.contains("junit"));
  }

  /** What is really in the jar, as Netty itself tells. */
  @Test
  void theClassesOfNettyAreThoseOfTheBill() throws IOException {
    // Given
    Properties netty = new Properties();

    // When
    netty.load(new java.io.StringReader(entry("META-INF/io.netty.versions.properties")));

    // Then
    Set<String> versions = new HashSet<>();
    netty.forEach(
        (name, value) -> {
          if (name.toString().endsWith(".version")) {
            versions.add(value.toString());
          }
        });
    assertThat(versions).hasSize(1).allMatch(BillOfMaterialsIT::patched);
  }

  private static boolean patched(String version) {
    String[] parts = version.split("\\.");
    int minor = Integer.parseInt(parts[1]);
    return minor > 2 || minor == 2 && Integer.parseInt(parts[2]) >= 18;
  }

  @Test
  void anOldNettyWouldBeSeen() {
    assertThat(patched("4.2.17.Final")).isFalse();
    assertThat(patched("4.1.130.Final")).isFalse();
    assertThat(patched("4.2.18.Final")).isTrue();
  }
}
