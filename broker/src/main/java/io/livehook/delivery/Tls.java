package io.livehook.delivery;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom outbound TLS trusts, and as whom it shows itself: the JDK's authorities and those of the
 * operator, and a client certificate if there is one. Read once at start; immutable.
 */
public final class Tls {
  private final TrustOptions trust;
  private final @Nullable KeyCertOptions identity;

  private Tls(X509ExtendedTrustManager trust, @Nullable KeyCertOptions identity) {
    this.trust = TrustOptions.wrap(new StrongChains(trust));
    this.identity = identity;
  }

  /** The JDK's authorities, no certificate. */
  public static Tls ofTheSystem() {
    return load(Optional.empty(), Optional.empty());
  }

  /** A client certificate with its chain, and its key, both PEM. */
  public record Identity(Path certificate, Path key) {}

  /**
   * @param authorities certificates in PEM to be trusted beside the JDK's
   * @throws IllegalArgumentException naming the file that cannot be used
   */
  public static Tls load(Optional<Path> authorities, Optional<Identity> identity) {
    try {
      X509ExtendedTrustManager system = manager(null);
      if (authorities.isEmpty()) {
        return new Tls(system, identity.map(Tls::keys).orElse(null));
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate each : system.getAcceptedIssuers()) {
        store.setCertificateEntry("system-" + store.size(), each);
      }
      for (Certificate each : certificates(authorities.get())) {
        store.setCertificateEntry("operator-" + store.size(), each);
      }
      return new Tls(manager(store), identity.map(Tls::keys).orElse(null));
    } catch (GeneralSecurityException | IOException broken) {
      throw new IllegalArgumentException("cannot set up outbound TLS: " + broken, broken);
    }
  }

  private static KeyCertOptions keys(Identity identity) {
    try {
      if (certificates(identity.certificate).isEmpty()) {
        throw new IllegalArgumentException("holds no certificate: " + identity.certificate);
      }
      return new PemKeyCertOptions()
          .addCertValue(Buffer.buffer(Files.readAllBytes(identity.certificate)))
          .addKeyValue(Buffer.buffer(Files.readAllBytes(identity.key)));
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot be read as a client certificate and its key: " + unreadable, unreadable);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    } catch (CertificateException broken) {
      throw new IllegalArgumentException("holds no certificates in PEM: " + file, broken);
    }
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager manager) {
        return manager;
      }
    }
    throw new GeneralSecurityException("no " + X509TrustManager.class.getSimpleName());
  }

  TrustOptions trust() {
    return trust;
  }

  @Nullable KeyCertOptions identity() {
    return identity;
  }
}
