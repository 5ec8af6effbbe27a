package io.livehook.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.livehook.http.Percent;
import io.livehook.lane.LaneIds;
import io.livehook.lane.Update;
import io.livehook.lane.UpdateKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The body of an update in one of the payload styles, with the headers that belong to it. Pure: the
 * same for every attempt and every subscription of that style.
 *
 * @param made the body is not the origin's: what is said of its coding does not hold
 * @param headers further ones, name and value in turn
 */
@SuppressWarnings("ArrayRecordComponent")
record Wrapped(
    byte[] body, @Nullable String contentType, boolean made, List<CharSequence> headers) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String JSON_TYPE = "application/json";
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * @param bytes of the update, or of several joined
   */
  static Wrapped of(Payload payload, Update update, byte[] bytes, String self, String id) {
    return switch (payload) {
      case RAW -> raw(update, bytes);
      case THIN -> made(JSON_TYPE, json -> thin(json, update, self, id));
      case ENVELOPE -> made(JSON_TYPE, json -> envelope(json, update, bytes));
      case CLOUDEVENTS_BINARY -> binary(update, bytes, id);
      case CLOUDEVENTS_STRUCTURED ->
          made(
              "application/cloudevents+json; charset=utf-8",
              json -> structured(json, update, bytes, id));
    };
  }

  private static Wrapped raw(Update update, byte[] bytes) {
    String type = update.kind == UpdateKind.DELETED ? null : update.contentType;
    return new Wrapped(bytes, type, false, List.of());
  }

  private interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  private static Wrapped made(String type, Writer writer) {
    return new Wrapped(bytes(writer), type, true, List.of());
  }

  private static byte[] bytes(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      writer.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static boolean deleted(Update update) {
    return update.kind == UpdateKind.DELETED;
  }

  private static String type(Update update) {
    return switch (update.kind) {
      case DELETED -> "resource.deleted";
      case CHANGES -> "resource.changed";
      case VALUE, HINT -> "resource.updated";
    };
  }

  private static String time(Update update) {
    return MILLISECONDS.format(Instant.ofEpochMilli(LaneIds.millisecond(update.id)));
  }

  // --- thin, envelope ---

  private static void thin(JsonGenerator json, Update update, String self, String id)
      throws IOException {
    json.writeStringField("id", id);
    json.writeStringField("type", type(update));
    json.writeObjectFieldStart("links");
    json.writeStringField("self", self);
    json.writeStringField("resource", update.resource.uri());
    json.writeEndObject();
  }

  private static void envelope(JsonGenerator json, Update update, byte[] bytes) throws IOException {
    json.writeStringField("type", type(update));
    json.writeStringField("timestamp", time(update));
    json.writeObjectFieldStart("data");
    if (deleted(update)) {
      tombstone(json, update);
    } else {
      json.writeStringField("resource", update.resource.uri());
      text(json, "etag", update.etag);
      text(json, "content_type", update.contentType);
      data(json, update, bytes, "value");
    }
    json.writeEndObject();
  }

  private static void tombstone(JsonGenerator json, Update update) throws IOException {
    json.writeStringField("resource", update.resource.uri());
    json.writeBooleanField("deleted", true);
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  // --- CloudEvents ---

  private static Wrapped binary(Update update, byte[] bytes, String id) {
    List<CharSequence> headers = new ArrayList<>();
    add(headers, "ce-specversion", "1.0");
    add(headers, "ce-id", id);
    add(headers, "ce-source", encoded(update.resource.uri()));
    add(headers, "ce-type", "io.livehook." + type(update));
    add(headers, "ce-time", time(update));
    add(headers, "ce-sequence", Long.toString(update.sequence));
    if (deleted(update)) {
      return new Wrapped(bytes(json -> tombstone(json, update)), JSON_TYPE, true, headers);
    }
    String type = update.contentType;
    return new Wrapped(bytes, type == null ? "application/octet-stream" : type, false, headers);
  }

  private static void add(List<CharSequence> headers, String name, String value) {
    headers.add(name);
    headers.add(value);
  }

  /** As header values are: the URI in ASCII, and its percent signs once more. */
  private static String encoded(String uri) {
    return Percent.ascii(uri).replace("%", "%25").replace(" ", "%20").replace("\"", "%22");
  }

  private static void structured(JsonGenerator json, Update update, byte[] bytes, String id)
      throws IOException {
    json.writeStringField("specversion", "1.0");
    json.writeStringField("id", id);
    json.writeStringField("source", Percent.ascii(update.resource.uri()));
    json.writeStringField("type", "io.livehook." + type(update));
    json.writeStringField("time", time(update));
    json.writeStringField("sequence", Long.toString(update.sequence));
    if (deleted(update)) {
      json.writeStringField("datacontenttype", JSON_TYPE);
      json.writeObjectFieldStart("data");
      tombstone(json, update);
      json.writeEndObject();
    } else {
      text(json, "datacontenttype", update.contentType);
      data(json, update, bytes, "data");
    }
  }

  // --- the value in JSON ---

  /** JSON as it came, text as a string, everything else, coded bodies too, in base64. */
  private static void data(JsonGenerator json, Update update, byte[] body, String name)
      throws IOException {
    String text = encodedBody(update) ? null : utf8(body);
    if (text != null && isJson(update.contentType) && oneValue(text)) {
      json.writeFieldName(name);
      json.writeRawValue(text);
    } else if (text != null && isText(update.contentType)) {
      json.writeStringField(name, text);
    } else {
      json.writeBinaryField(name + "_base64", body);
    }
  }

  private static boolean encodedBody(Update update) {
    String headers = update.headers;
    return headers != null && headers.toLowerCase(Locale.ROOT).contains("\"content-encoding\"");
  }

  private static @Nullable String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException other) {
      return null;
    }
  }

  private static boolean isJson(@Nullable String type) {
    String media = media(type);
    return media.equals(JSON_TYPE) || media.endsWith("+json");
  }

  private static boolean isText(@Nullable String type) {
    return media(type).startsWith("text/");
  }

  private static String media(@Nullable String type) {
    String text = type == null ? "" : type.toLowerCase(Locale.ROOT);
    int end = text.indexOf(';');
    return (end < 0 ? text : text.substring(0, end)).strip();
  }

  private static boolean oneValue(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException malformed) {
      return false;
    }
  }
}
