package io.livehook.subscription;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.platform.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request as text, read from a form or a JSON object, and everything that is wrong
 * with them. Lives as long as its request.
 */
final class Given {
  /** Fields that are objects of strings, in JSON only. */
  private static final Set<String> OBJECTS = Set.of("headers");

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String place;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Map<String, Map<String, Secret>> objects = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final Set<String> emptied = new HashSet<>();
  private boolean readable = true;

  private Given(String place) {
    this.place = place;
  }

  static Given ofForm(byte[] body, Set<String> known) {
    Given given = new Given("");
    String text = text(body);
    if (text == null) {
      given.unreadable("the form is not UTF-8");
      return given;
    }
    Fields parsed = Fields.parse("", text);
    given.faults.addAll(parsed.faults(known));
    for (String name : parsed.names()) {
      given.fields.put(name, String.valueOf(parsed.get(name)));
    }
    return given;
  }

  private static @Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException malformed) {
      return null;
    }
  }

  /**
   * Reads a JSON object.
   *
   * @param flags those of the known fields that are true or false
   */
  static Given ofJson(byte[] body, Set<String> known, Set<String> flags) {
    return ofJson(body, known, flags, Set.of());
  }

  /**
   * Reads a JSON object.
   *
   * @param flags those of the known fields that are true or false
   * @param optional those that may be null, which is not the same as not being there
   */
  static Given ofJson(byte[] body, Set<String> known, Set<String> flags, Set<String> optional) {
    Given given = new Given("/");
    try (JsonParser parser = JSON.createParser(body)) {
      given.object(parser, known, flags, optional);
    } catch (IOException malformed) {
      given.faults.clear();
      given.fields.clear();
      given.emptied.clear();
      given.unreadable("not a JSON object, or a field is repeated");
    }
    return given;
  }

  private void object(JsonParser parser, Set<String> known, Set<String> flags, Set<String> optional)
      throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("no object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!known.contains(name)) {
        fault(name, "unknown", "not a field that is known here: " + name);
        parser.skipChildren();
      } else if (value == JsonToken.VALUE_NULL && optional.contains(name)) {
        emptied.add(name);
      } else if (OBJECTS.contains(name) && value == JsonToken.START_OBJECT) {
        objects.put(name, texts(parser, name));
      } else if (!OBJECTS.contains(name)
          && (flags.contains(name) ? value.isBoolean() : isText(value))) {
        fields.put(name, parser.getText());
      } else {
        String wanted = wanted(name, flags);
        fault(name, "type", name + " is " + wanted);
        fields.put(name, "");
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new IOException("more than one value");
    }
  }

  private static String wanted(String name, Set<String> flags) {
    if (OBJECTS.contains(name)) {
      return "an object of strings";
    }
    return flags.contains(name) ? "true or false" : "a string or a whole number";
  }

  /** The members of an object; their values are write-only, and treated as secrets. */
  private Map<String, Secret> texts(JsonParser parser, String name) throws IOException {
    Map<String, Secret> texts = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_STRING) {
        texts.put(member, new Secret(parser.getText()));
      } else {
        fault(name, "type", name + " is an object of strings");
        parser.skipChildren();
      }
    }
    return texts;
  }

  private static boolean isText(JsonToken value) {
    return value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
  }

  private void unreadable(String why) {
    fault("", "malformed", why);
    readable = false;
  }

  /** False: there is nothing to check further. */
  boolean readable() {
    return readable;
  }

  @Nullable String get(String name) {
    return fields.get(name);
  }

  /** The members of a field that is an object, or null. */
  @Nullable Map<String, Secret> object(String name) {
    return objects.get(name);
  }

  /** It was given as null: back to what is so by default. */
  boolean emptied(String name) {
    return emptied.contains(name);
  }

  Set<String> names() {
    Set<String> names = new LinkedHashSet<>(fields.keySet());
    names.addAll(objects.keySet());
    return names;
  }

  /** In place of what was given: the same, said another way. */
  void set(String name, String value) {
    fields.put(name, value);
  }

  Fault at(String name, String code, String message) {
    return new Fault(place + name, code, message);
  }

  void fault(String name, String code, String message) {
    faults.add(at(name, code, message));
  }

  List<Fault> faults() {
    return faults;
  }
}
