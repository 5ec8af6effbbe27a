package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A certificate authority with good and bad certificates, made by the JDK's keytool. */
final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  TestAuthority(Path folder) throws IOException {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
    make("ca", "-dname", "CN=Authority", "-ext", "bc:c", "-ext", "ku:c=keyCertSign");
    issue("good", "-ext", "san=dns:hook.hooks.io");
    issue("other", "-ext", "san=dns:other.hooks.io");
    issue("client", "-ext", "eku=clientAuth");
    issue("expired", "-ext", "san=dns:hook.hooks.io", "-startdate", "-10d", "-validity", "5");
    make("alone", "-dname", "CN=hook", "-ext", "san=dns:hook.hooks.io");
    keytool(
        "weak",
        "-keyalg",
        "RSA",
        "-keysize",
        "1024",
        "-signer",
        "ca",
        "-dname",
        "CN=weak",
        "-ext",
        "san=dns:hook.hooks.io");
    keytool(
        "sha1",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-signer",
        "ca",
        "-sigalg",
        "SHA1withECDSA",
        "-dname",
        "CN=sha1",
        "-ext",
        "san=dns:hook.hooks.io");
  }

  private void issue(String alias, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("-signer", "ca", "-dname", "CN=" + alias));
    all.addAll(List.of(more));
    make(alias, all.toArray(String[]::new));
  }

  private void make(String alias, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    all.addAll(List.of(more));
    keytool(alias, all.toArray(String[]::new));
  }

  private void keytool(String alias, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keystore", store.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private KeyStore keys() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** The authority's own certificate as an operator would have it. */
  Path certificate() throws GeneralSecurityException, IOException {
    return pem("ca.pem", "CERTIFICATE", keys().getCertificate("ca").getEncoded());
  }

  Tls.Identity client() throws GeneralSecurityException, IOException {
    return new Tls.Identity(
        pem("client.pem", "CERTIFICATE", keys().getCertificate("client").getEncoded()),
        pem(
            "client-key.pem",
            "PRIVATE KEY",
            keys().getKey("client", PASSWORD.toCharArray()).getEncoded()));
  }

  private Path pem(String file, String kind, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, text));
  }

  /** What a server that shows this certificate needs; repeated, its chain has that many. */
  SSLContext server(String alias, int repeated) throws GeneralSecurityException, IOException {
    KeyStore keys = keys();
    PrivateKey key = (PrivateKey) keys.getKey(alias, PASSWORD.toCharArray());
    Certificate[] chain = keys.getCertificateChain(alias);
    List<X509Certificate> all = new ArrayList<>();
    Arrays.stream(chain).map(X509Certificate.class::cast).forEach(all::add);
    all.addAll(Collections.nCopies(repeated, (X509Certificate) chain[chain.length - 1]));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new OneKey(key, all.toArray(X509Certificate[]::new))},
        trust.getTrustManagers(),
        null);
    return context;
  }

  /** Shows one chain to everyone, however odd it is. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private final PrivateKey key;
    private final X509Certificate[] chain;

    OneKey(PrivateKey key, X509Certificate[] chain) {
      this.key = key;
      this.chain = chain;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal[] issuers, SSLEngine engine) {
      return alias(type);
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return alias(type);
    }

    private @Nullable String alias(String type) {
      return type.startsWith(key.getAlgorithm()) ? "one" : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {"one"};
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
