package io.livehook.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * HTTP message signatures (RFC 9421) after the profile of standards.md §7: method, target and the
 * headers that tell what the delivery is; the body through {@code Content-Digest}. Immutable.
 */
final class MessageSignature {
  /** After the body's digest, what only some deliveries have. */
  private static final List<String> BEFORE_IDS =
      List.of(
          "content-type",
          "content-digest",
          "location",
          "link",
          "changes-id",
          "previous-changes-id",
          "liveresource-status");

  private final String keyId;
  private final String target;

  MessageSignature(String keyId, String target) {
    this.keyId = keyId;
    this.target = target;
  }

  /** What is signed at one attempt, to be signed by one key or two. */
  Built build(Rendered rendered, String timestamp) {
    StringBuilder names = new StringBuilder("(\"@method\" \"@target-uri\"");
    StringBuilder base =
        new StringBuilder("\"@method\": POST\n\"@target-uri\": ").append(target).append('\n');
    for (String name : BEFORE_IDS) {
      cover(names, base, name, rendered.header(name));
    }
    cover(names, base, "webhook-id", rendered.id);
    cover(names, base, "webhook-timestamp", timestamp);
    names.append(");created=").append(timestamp).append(";keyid=\"").append(keyId).append("\"");
    return new Built(names.toString(), base.toString());
  }

  private static void cover(
      StringBuilder names, StringBuilder base, String name, @Nullable String value) {
    if (value != null) {
      names.append(" \"").append(name).append('"');
      base.append('"').append(name).append("\": ").append(value.strip()).append('\n');
    }
  }

  /** The two headers of one attempt in the making. */
  static final class Built {
    private final String parameters;
    private final String base;
    private final StringBuilder input = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();

    private Built(String parameters, String base) {
      this.parameters = parameters;
      this.base = base;
    }

    void add(String label, String algorithm, UnaryOperator<byte[]> signer) {
      String all = parameters + ";alg=\"" + algorithm + "\";tag=\"webhook\"";
      byte[] signed =
          signer.apply(
              (base + "\"@signature-params\": " + all).getBytes(StandardCharsets.ISO_8859_1));
      if (!input.isEmpty()) {
        input.append(", ");
        signature.append(", ");
      }
      input.append(label).append('=').append(all);
      signature
          .append(label)
          .append("=:")
          .append(Base64.getEncoder().encodeToString(signed))
          .append(':');
    }

    String input() {
      return input.toString();
    }

    String signature() {
      return signature.toString();
    }
  }
}
