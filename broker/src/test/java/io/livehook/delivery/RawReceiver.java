package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver that obeys no rule: each connection is served, on a thread of its own, by a script
 * that reads and writes raw bytes.
 */
final class RawReceiver implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final CountDownLatch closed = new CountDownLatch(1);

  /** What one connection does; when it returns the socket is closed. */
  @FunctionalInterface
  interface Script {
    void serve(Peer peer) throws IOException;
  }

  RawReceiver(Script script) throws IOException {
    this("127.0.0.1", script);
  }

  RawReceiver(String address, Script script) throws IOException {
    this.server = new ServerSocket(0, 64, InetAddress.getByName(address));
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** Reads a request, answers it with these bytes, for ever. */
  static RawReceiver answering(String answer) throws IOException {
    return new RawReceiver(
        peer -> {
          while (peer.readRequest()) {
            peer.write(answer);
          }
        });
  }

  /** Reads one request, answers it with these bytes and waits to be closed. */
  static RawReceiver answeringOnce(String answer) throws IOException {
    return new RawReceiver(
        peer -> {
          peer.readRequest();
          peer.write(answer);
          peer.awaitClose();
        });
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(new Peer(socket, number)));
      }
    } catch (IOException over) {
      closed.countDown();
    }
  }

  private void serve(Peer peer) {
    try (Socket socket = peer.socket) {
      script.serve(peer);
    } catch (IOException gone) {
      peer.noteReset(gone);
    } finally {
      closed.countDown();
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/in";
  }

  int connections() {
    return connections.get();
  }

  /** Whether the first connection to end ended within the time. */
  boolean closedWithin(long milliseconds) throws InterruptedException {
    return closed.await(milliseconds, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
  }

  /** One connection, seen from the receiver. */
  final class Peer {
    final Socket socket;
    final int number;

    Peer(Socket socket, int number) {
      this.socket = socket;
      this.number = number;
    }

    /** False at the end of the stream. */
    boolean readRequest() throws IOException {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int each = in.read();
        if (each < 0) {
          return false;
        }
        head.append((char) each);
      }
      String body = new String(in.readNBytes(length(head.toString())), ISO_8859_1);
      requests.add(head + body);
      return true;
    }

    private int length(String head) {
      int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
      return at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
    }

    void write(String text) throws IOException {
      write(text.getBytes(ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Writes the text again and again, with a pause between, until the other side has closed. */
    void trickle(String text, int pause) throws IOException {
      do {
        write(text);
      } while (!closedAfter(pause));
    }

    void awaitClose() throws IOException {
      while (!closedAfter(1_000)) {
        continue;
      }
    }

    boolean closedAfter(int milliseconds) throws IOException {
      socket.setSoTimeout(milliseconds);
      try {
        return socket.getInputStream().read() < 0;
      } catch (SocketTimeoutException open) {
        return false;
      }
    }

    /** Closes with a reset. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    private void noteReset(IOException gone) {
      if (String.valueOf(gone.getMessage()).contains("reset")) {
        resets.countDown();
      }
    }
  }

  /** Open until a connection was reset by the other side. */
  final CountDownLatch resets = new CountDownLatch(1);
}
