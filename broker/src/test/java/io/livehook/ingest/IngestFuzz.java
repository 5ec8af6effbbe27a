package io.livehook.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.fuzz.Fuzzed;
import io.livehook.fuzz.Parser;
import io.livehook.fuzz.Texts;
import io.livehook.http.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What origins send beside bodies: lines of a batch, digests, idempotency keys. */
public final class IngestFuzz {
  private static final int LONGEST = 200;
  private static final Set<String> CODES =
      Set.of("malformed", "missing", "unknown", "type", "conflict");
  private static final Texts LINES =
      new Texts(
          List.of(
              "{",
              "}",
              "\"resource\":",
              "\"https://o/a\"",
              "\"body\":",
              "\"x\"",
              ",",
              "true",
              "\"deleted\":",
              "\"body_base64\":",
              "\"YQ==\"",
              "\"\\ud800\"",
              "[1,{}]",
              "1e999"),
          List.of(
              "{\"resource\":\"https://o/a\",\"content_type\":\"text/plain\",\"body\":\"good\"}",
              "{\"resource\":\"https://o/a\",\"deleted\":true}",
              "{\"resource\":\"https://o/a\",\"content_type\":\"a/b\",\"body_base64\":\"YQ==\"}"));
  private static final Texts CHUNKS =
      new Texts(List.of("\n", "a", "\r\n", " "), List.of("a\nb\n\nc"));
  private static final Texts DIGESTS =
      new Texts(
          List.of("sha-256=", ":", "sha-512=", ",", "=", "md5=:x:"),
          List.of("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", "unixsum=:a:"));
  private static final Texts KEYS =
      new Texts(List.of("\"", "k", "~", "é", "x".repeat(255)), List.of("k-1", "\"k 1\""));

  private IngestFuzz() {}

  public static List<Fuzzed> all() {
    return List.of(
        new Parser("batch line", LINES, IngestFuzz::line),
        new Parser("chunks of lines", CHUNKS, IngestFuzz::chunks),
        new Parser("content digest", DIGESTS, IngestFuzz::digest),
        new Parser("idempotency key", KEYS, IngestFuzz::key));
  }

  private static boolean line(String text) {
    BatchLine read = BatchLine.read(text.getBytes(StandardCharsets.UTF_8));
    assertThat(read.faults()).allMatch(fault -> CODES.contains(fault.code()));
    if (!read.faults().isEmpty()) {
      return false;
    }
    Head head = read.head();
    String texts = read.resource() + head.etag();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(texts)) {
      return true; // refused further on, where the URI and the tag are judged
    }
    JsonObject written =
        new JsonObject().put("resource", read.resource()).put("deleted", read.deleted());
    if (!read.deleted()) {
      written.put("body_base64", Base64.getEncoder().encodeToString(read.body()));
    }
    put(written, "content_type", head.contentType());
    put(written, "etag", head.etag());
    put(written, "idempotency_key", head.idempotencyKey());
    BatchLine again = BatchLine.read(written.toBuffer().getBytes());
    assertThat(again.faults()).isEmpty();
    assertThat(again.resource()).isEqualTo(read.resource());
    assertThat(again.body()).isEqualTo(read.body());
    assertThat(again.head()).isEqualTo(head);
    return true;
  }

  private static void put(JsonObject written, String name, @Nullable String value) {
    if (value != null) {
      written.put(name, value);
    }
  }

  /** However the bytes are cut, the lines are the same. */
  private static boolean chunks(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> whole = lines(bytes, bytes.length + 1);
    int piece = 1 + new Random(text.hashCode()).nextInt(5);
    assertThat(lines(bytes, piece)).isEqualTo(whole);
    return !whole.isEmpty();
  }

  private static List<String> lines(byte[] bytes, int piece) {
    List<String> lines = new ArrayList<>();
    LineSplitter splitter =
        new LineSplitter(
            LONGEST,
            line -> lines.add(new String(line, StandardCharsets.ISO_8859_1)),
            () -> lines.add("too long"));
    Buffer all = Buffer.buffer(bytes);
    for (int at = 0; at < bytes.length; at += piece) {
      splitter.add(all.getBuffer(at, Math.min(bytes.length, at + piece)));
    }
    splitter.end();
    assertThat(lines).allMatch(line -> line.length() <= LONGEST && line.indexOf('\n') < 0);
    return lines;
  }

  private static boolean digest(String text) {
    List<Fault> faults = ContentDigest.faults(text, new byte[0]);
    assertThat(faults).allMatch(fault -> Set.of("malformed", "mismatch").contains(fault.code()));
    return faults.isEmpty();
  }

  private static boolean key(String text) {
    List<Fault> faults = new ArrayList<>();
    String read = IdempotencyKey.read("", text, faults);
    if (!faults.isEmpty() || read == null) {
      return false;
    }
    assertThat(IdempotencyKey.read("", '"' + read + '"', faults)).isEqualTo(read);
    assertThat(faults).isEmpty();
    return true;
  }
}
