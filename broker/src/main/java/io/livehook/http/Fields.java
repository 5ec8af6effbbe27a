package io.livehook.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names and values of a query or a form, each decoded once. Immutable after parsing. */
public final class Fields {
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final String place;
  private final List<Fault> faults = new ArrayList<>();

  private Fields(String place) {
    this.place = place;
  }

  /** Reads {@code a=1&b=2}; {@code place} comes before the name in each fault's pointer. */
  public static Fields parse(String place, @Nullable String text) {
    Fields fields = new Fields(place);
    if (text != null && !text.isEmpty()) {
      for (String pair : text.split("&", -1)) {
        fields.add(pair);
      }
    }
    return fields;
  }

  private void add(String pair) {
    if (pair.isEmpty()) {
      return;
    }
    int equals = pair.indexOf('=');
    String name = Percent.decodeForm(equals < 0 ? pair : pair.substring(0, equals));
    String value = equals < 0 ? "" : Percent.decodeForm(pair.substring(equals + 1));
    if (name == null || value == null) {
      faults.add(
          new Fault(
              place + (name == null ? "" : name),
              "malformed",
              "not percent-encoded UTF-8: write %XX for what is not a letter or digit"));
    } else {
      values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
    }
  }

  public Set<String> names() {
    return values.keySet();
  }

  /** The first value of a name, or null. */
  public @Nullable String get(String name) {
    List<String> given = values.get(name);
    return given == null ? null : given.get(0);
  }

  /** What is wrong: malformed encoding, repeated names, and names that are not known here. */
  public List<Fault> faults(Set<String> known) {
    List<Fault> all = new ArrayList<>(faults);
    values.forEach(
        (name, given) -> {
          if (!known.contains(name)) {
            all.add(new Fault(place + name, "unknown", "not a field that is known here: " + name));
          } else if (given.size() > 1) {
            all.add(new Fault(place + name, "repeated", name + " is given more than once"));
          }
        });
    return all;
  }
}
