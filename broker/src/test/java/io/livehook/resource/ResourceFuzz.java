package io.livehook.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.fuzz.Fuzzed;
import io.livehook.fuzz.Parser;
import io.livehook.fuzz.Texts;
import io.livehook.http.Fault;
import io.livehook.http.Percent;
import java.util.List;
import java.util.Set;

/** What names a resource and its state: URIs, entity tags. */
public final class ResourceFuzz {
  private static final Set<String> CODES =
      Set.of("empty", "too_long", "control_character", "not_absolute", "malformed", "fragment");
  private static final Texts URIS =
      new Texts(
          List.of("https://", "urn:", "o.example", "/", "a", "?q=", "#f", "%41", ":80", "[::1]"),
          List.of("https://o.example/a?b=c", "urn:isbn:0451450523", "mailto:a@b.c"));
  private static final Texts TAGS =
      new Texts(List.of("\"", "W/", "a", ",", "*"), List.of("\"1\"", "W/\"1\"", "\"a\", \"b\""));

  private ResourceFuzz() {}

  public static List<Fuzzed> all() {
    return List.of(
        new Parser("resource uri", URIS, ResourceFuzz::uri),
        new Parser("entity tags", TAGS, ResourceFuzz::tags));
  }

  /** One that is sound comes through the URL it is put under. */
  private static boolean uri(String text) {
    List<Fault> faults = ResourceUri.faults("", text);
    assertThat(faults).allMatch(fault -> CODES.contains(fault.code()));
    if (!faults.isEmpty()) {
      return false;
    }
    assertThat(Percent.decode(Percent.encode(text))).isEqualTo(text);
    return true;
  }

  /** What becomes a tag stays itself, and is found in a list of tags. */
  private static boolean tags(String text) {
    String tag = ETags.of(text, new byte[] {1});
    assertThat(ETags.strong(tag)).isTrue();
    assertThat(ETags.of(tag, new byte[0])).isEqualTo(tag);
    assertThat(ETags.listed("\"x\", " + tag, tag)).isTrue();
    return ETags.listed(text, tag) || tag.equals(text);
  }
}
