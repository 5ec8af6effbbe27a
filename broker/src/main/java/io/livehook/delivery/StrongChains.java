package io.livehook.delivery;

import java.net.Socket;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the JDK trusts, name check included, if keys and signatures are strong too, below
 * private roots as well (reliability.md §3.6): RSA of 2,048 bits, curves of 256, SHA-2. Immutable.
 */
final class StrongChains extends X509ExtendedTrustManager {
  private static final int LONGEST = 10;
  private static final int RSA_BITS = 2_048;
  private static final int CURVE_BITS = 256;

  private final X509ExtendedTrustManager trusted;

  StrongChains(X509ExtendedTrustManager trusted) {
    this.trusted = trusted;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    strong(chain);
    trusted.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    strong(chain);
    trusted.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("nobody to compare the name with");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("clients only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("clients only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("clients only");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trusted.getAcceptedIssuers();
  }

  private static void strong(X509Certificate[] chain) throws CertificateException {
    if (chain.length > LONGEST) {
      throw new CertificateException("a chain of " + chain.length);
    }
    for (X509Certificate each : chain) {
      if (!strong(each.getPublicKey())) {
        throw new CertificateException("a weak key: " + each.getSubjectX500Principal());
      }
      if (!isRoot(each) && !strongSignature(each.getSigAlgName())) {
        throw new CertificateException("a weak signature: " + each.getSubjectX500Principal());
      }
    }
  }

  private static boolean strong(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS;
      case ECPublicKey curve -> curve.getParams().getOrder().bitLength() >= CURVE_BITS;
      default -> key.getAlgorithm().startsWith("Ed");
    };
  }

  /** Nobody relies on the signature that a root makes of itself. */
  private static boolean isRoot(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static boolean strongSignature(String algorithm) {
    String name = algorithm.toUpperCase(Locale.ROOT);
    return !name.contains("MD2") && !name.contains("MD5") && !name.startsWith("SHA1");
  }
}
