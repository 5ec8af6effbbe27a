package io.livehook.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.livehook.http.Bodies;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The JSON object of a small request, with its faults. Lives as long as its request. */
final class JsonBody {
  private static final int LIMIT = 4 << 10;

  private static final JsonFactory STRICT =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final JsonObject json;
  private final List<Fault> faults = new ArrayList<>();

  private JsonBody(JsonObject json, Set<String> known) {
    this.json = json;
    for (String field : json.fieldNames()) {
      if (!known.contains(field)) {
        fault(field, "unknown", "not a field that is known here: " + field);
      }
    }
  }

  /** Goes on with the object; what is no object, or too large, is answered here. */
  static void read(Exchange exchange, Set<String> known, Consumer<JsonBody> then) {
    Bodies.collect(
        exchange,
        LIMIT,
        bytes -> {
          JsonBody body = parse(bytes, known);
          if (body == null) {
            exchange.problem(
                Problem.faults(List.of(new Fault("", "malformed", "not a JSON object"))));
          } else {
            then.accept(body);
          }
        });
  }

  /** Null for what is no JSON object. */
  static @Nullable JsonBody parse(byte[] bytes, Set<String> known) {
    try {
      everyNameIsGivenOnce(bytes);
      return new JsonBody(new JsonObject(Buffer.buffer(bytes)), known);
    } catch (IOException | DecodeException | ClassCastException malformed) {
      return null;
    }
  }

  /** Of two values of one name, readers before us may have seen the other. */
  private static void everyNameIsGivenOnce(byte[] bytes) throws IOException {
    try (JsonParser parser = STRICT.createParser(bytes)) {
      while (parser.nextToken() != null) {
        continue;
      }
    }
  }

  void fault(String field, String code, String message) {
    faults.add(new Fault("/" + field, code, message));
  }

  /** Null when it is not there (or null), or is no text, which is a fault. */
  @Nullable String text(String field) {
    Object value = json.getValue(field);
    if (value instanceof String text && !UTF_8.newEncoder().canEncode(text)) {
      fault(field, "malformed", field + " has half a surrogate pair");
      return null;
    }
    if (value == null || value instanceof String) {
      return (String) value;
    }
    fault(field, "type", field + " is a string");
    return null;
  }

  /** Whether there are none; else they have been answered. */
  boolean sound(Exchange exchange) {
    if (!faults.isEmpty()) {
      exchange.problem(Problem.faults(faults));
    }
    return faults.isEmpty();
  }
}
