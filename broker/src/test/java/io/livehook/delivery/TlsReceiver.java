package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Answers 200 over TLS and notes what each handshake agreed on. */
final class TlsReceiver implements AutoCloseable {
  private final SSLServerSocket server;

  /** Protocol, name asked for, and whether a certificate was shown. */
  final List<String> sessions = new CopyOnWriteArrayList<>();

  final List<String> requests = new CopyOnWriteArrayList<>();

  TlsReceiver(SSLContext context, boolean asksForACertificate, String... protocols)
      throws IOException {
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(asksForACertificate);
    if (protocols.length > 0) {
      server.setEnabledProtocols(protocols);
    }
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        SSLSocket socket = (SSLSocket) server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      assert server.isClosed();
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
      String names =
          session.getRequestedServerNames().toString().replaceAll(".*value=|[^a-z.]", "");
      sessions.add(session.getProtocol() + " " + names + (shown(session) ? " certificate" : ""));
      while (answer(socket)) {
        continue;
      }
    } catch (IOException refused) {
      sessions.add("refused");
    }
  }

  private boolean answer(SSLSocket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int each = in.read();
      if (each < 0) {
        return false;
      }
      head.append((char) each);
    }
    requests.add(head.toString());
    in.readNBytes(1);
    socket
        .getOutputStream()
        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
    return true;
  }

  private static boolean shown(ExtendedSSLSession session) {
    try {
      return session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException none) {
      return false;
    }
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
