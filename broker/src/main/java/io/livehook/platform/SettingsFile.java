package io.livehook.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads a settings file into key names and texts. Pure but for the file. */
final class SettingsFile {
  private SettingsFile() {}

  /** YAML when it is called .yaml or .yml (nested or dotted keys), else Java properties. */
  static Map<String, String> read(Path file) throws IOException {
    String name = file.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml") ? yaml(file) : properties(file);
  }

  private static Map<String, String> properties(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> entries = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      entries.put(name, properties.getProperty(name, ""));
    }
    return entries;
  }

  private static Map<String, String> yaml(Path file) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    JsonNode root = new YAMLMapper().readTree(Files.readString(file));
    if (root != null && !root.isMissingNode() && !root.isNull()) {
      flatten("", root, entries);
    }
    return entries;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> entries) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field -> {
                String name = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
                flatten(name, field.getValue(), entries);
              });
    } else if (node.isArray()) {
      entries.put(prefix, String.join(",", node.valueStream().map(JsonNode::asText).toList()));
    } else if (prefix.isEmpty()) {
      throw new IllegalArgumentException("it holds no keys");
    } else {
      entries.put(prefix, node.asText());
    }
  }
}
