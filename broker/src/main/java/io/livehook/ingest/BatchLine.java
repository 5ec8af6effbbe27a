package io.livehook.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.livehook.http.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of {@code POST /api/v1/updates}, read with all its faults. Pure. */
final class BatchLine {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final List<Fault> faults = new ArrayList<>(0);
  private @Nullable String resource;
  private @Nullable String contentType;
  private @Nullable String etag;
  private @Nullable String idempotencyKey;
  private byte @Nullable [] body;
  private boolean deleted;

  private BatchLine() {}

  static BatchLine read(byte[] line) {
    BatchLine read = new BatchLine();
    try (JsonParser parser = JSON.createParser(line)) {
      read.object(parser);
    } catch (IOException malformed) {
      read.fault("", "malformed", "not a JSON object: " + firstLine(malformed));
    }
    read.check();
    return read;
  }

  private static String firstLine(IOException malformed) {
    String message = String.valueOf(malformed.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  List<Fault> faults() {
    return faults;
  }

  String resource() {
    return resource == null ? "" : resource;
  }

  boolean deleted() {
    return deleted;
  }

  byte[] body() {
    return body == null ? new byte[0] : body;
  }

  Head head() {
    return new Head(contentType, etag, null, idempotencyKey);
  }

  private void object(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      fault("", "malformed", "not a JSON object");
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      field(parser, name);
    }
    if (parser.nextToken() != null) {
      fault("", "malformed", "more than one JSON value on the line");
    }
  }

  private void field(JsonParser parser, String name) throws IOException {
    switch (name) {
      case "resource" -> resource = text(parser, name);
      case "content_type" -> contentType = text(parser, name);
      case "etag" -> etag = text(parser, name);
      case "idempotency_key" ->
          idempotencyKey = IdempotencyKey.read("/idempotency_key", text(parser, name), faults);
      case "body" -> body(name, utf8(text(parser, name)));
      case "body_base64" -> body(name, base64(text(parser, name)));
      case "deleted" -> deleted = flag(parser);
      default -> {
        fault("/" + name, "unknown", "not a field that is known here: " + name);
        parser.skipChildren();
      }
    }
  }

  private @Nullable String text(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    fault("/" + name, "type", name + " is a string");
    return null;
  }

  private boolean flag(JsonParser parser) throws IOException {
    if (parser.currentToken().isBoolean()) {
      return parser.getBooleanValue();
    }
    parser.skipChildren();
    fault("/deleted", "type", "deleted is true or false");
    return false;
  }

  private void body(String name, byte @Nullable [] bytes) {
    if (body != null) {
      fault("/" + name, "conflict", "give body or body_base64, not both");
    }
    body = bytes;
  }

  private byte @Nullable [] utf8(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException halfCharacter) {
      fault("/body", "malformed", "half a surrogate pair; send other bytes as body_base64");
      return null;
    }
  }

  private byte @Nullable [] base64(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      fault("/body_base64", "malformed", "not base64: " + malformed.getMessage());
      return null;
    }
  }

  private void check() {
    if (!faults.isEmpty() && faults.get(0).pointer().isEmpty()) {
      return;
    }
    if (resource == null && !named("/resource")) {
      fault("/resource", "missing", "resource is the URI of the resource");
    }
    if (deleted) {
      if (body != null || contentType != null || etag != null) {
        fault("/deleted", "conflict", "a deletion has no body, content_type or etag");
      }
      return;
    }
    if (body == null && !named("/body") && !named("/body_base64")) {
      fault("/body", "missing", "body, body_base64 or deleted is needed");
    }
    if (!named("/content_type")) {
      Head.checkType("/content_type", contentType, faults);
    }
  }

  private boolean named(String pointer) {
    return faults.stream().anyMatch(fault -> fault.pointer().equals(pointer));
  }

  private void fault(String pointer, String code, String message) {
    faults.add(new Fault(pointer, code, message));
  }
}
