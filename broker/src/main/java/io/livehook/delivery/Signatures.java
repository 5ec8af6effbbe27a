package io.livehook.delivery;

import io.livehook.security.Keyring;
import io.livehook.security.Signer;
import io.livehook.security.SigningPair;
import io.livehook.security.SigningSecret;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that proves where the attempts of one subscription come from: the ready keys, in
 * memory. While a rotation overlaps each scheme that can carry two signatures has both, the newest
 * first; {@code X-Hook-Signature} and {@code X-Hub-Signature-256} have one value only, the newest.
 * Belongs to one event loop.
 */
final class Signatures {
  private final Keys current;
  private final @Nullable Keys previous;
  private final long previousUntil;
  private final Set<Scheme> schemes;
  private final @Nullable MessageSignature message;

  private record Keys(Signer signer, @Nullable SigningPair pair) {
    static Keys of(Keyring.Keys keys) {
      return new Keys(
          new Signer(SigningSecret.parse(keys.secret().reveal())),
          keys.seed() == null ? null : new SigningPair(keys.seed()));
    }
  }

  /**
   * @param keyId in message signatures: the subscription's alias
   * @param target the callback's URL as it is requested
   * @param now the keys before a rotation are kept only while they are valid
   */
  Signatures(Keyring ring, Set<Scheme> schemes, String keyId, String target, long now) {
    this.current = Keys.of(ring.current());
    Keyring.Keys before = ring.previous(now);
    this.previous = before == null ? null : Keys.of(before);
    this.previousUntil = ring.previousUntil();
    this.schemes = schemes;
    this.message = schemes.contains(Scheme.RFC9421) ? new MessageSignature(keyId, target) : null;
  }

  /** How many places of a header array {@link #write} fills. */
  int places() {
    return 4 + (schemes.contains(Scheme.X_HUB_256) ? 2 : 0) + (message == null ? 0 : 4);
  }

  void write(CharSequence[] headers, int start, Rendered rendered, String timestamp, long now) {
    int at = start;
    Keys old = now < previousUntil ? previous : null;
    headers[at++] = Names.WEBHOOK_SIGNATURE;
    headers[at++] = webhook(rendered, timestamp, old);
    headers[at++] = Names.X_HOOK_SIGNATURE;
    String hook = current.signer.hookSignature(rendered.bytes);
    headers[at++] = hook;
    if (schemes.contains(Scheme.X_HUB_256)) {
      headers[at++] = Names.X_HUB_SIGNATURE_256;
      headers[at++] = "sha256=" + hook;
    }
    if (message != null) {
      MessageSignature.Built built = message.build(rendered, timestamp);
      add(built, "sig1", current);
      if (old != null) {
        add(built, "sig2", old);
      }
      headers[at++] = Names.SIGNATURE_INPUT;
      headers[at++] = built.input();
      headers[at++] = Names.SIGNATURE;
      headers[at] = built.signature();
    }
  }

  private String webhook(Rendered rendered, String timestamp, @Nullable Keys old) {
    String newest = current.signer.webhookSignature(rendered.id, timestamp, rendered.bytes);
    if (old == null && current.pair == null) {
      return newest;
    }
    StringBuilder all = new StringBuilder(newest);
    byte[] content = Signer.content(rendered.id, timestamp, rendered.bytes);
    pair(all, current, content);
    if (old != null) {
      all.append(' ').append(old.signer.webhookSignature(rendered.id, timestamp, rendered.bytes));
      pair(all, old, content);
    }
    return all.toString();
  }

  private void pair(StringBuilder all, Keys keys, byte[] content) {
    if (keys.pair != null && schemes.contains(Scheme.V1A)) {
      all.append(" v1a,").append(Base64.getEncoder().encodeToString(keys.pair.sign(content)));
    }
  }

  private static void add(MessageSignature.Built built, String label, Keys keys) {
    SigningPair pair = keys.pair;
    if (pair == null) {
      built.add(label, "hmac-sha256", keys.signer::sign);
    } else {
      built.add(label, "ed25519", pair::sign);
    }
  }
}
