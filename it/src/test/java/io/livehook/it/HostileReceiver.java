package io.livehook.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Thousands of receivers in one, at every loopback address: below {@code /trickle} a header byte
 * every 300 ms for ever (RCV-3), elsewhere no answer at all (RCV-1).
 */
final class HostileReceiver implements AutoCloseable {
  private static final int PAUSE = 300;

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger most = new AtomicInteger();
  private final Set<String> paths = ConcurrentHashMap.newKeySet();

  HostileReceiver() {
    try {
      server = new ServerSocket(0, 4_096);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Most connections at once, so far. */
  int most() {
    return most.get();
  }

  /** Different callbacks that were posted to. */
  int reached() {
    return paths.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        most.accumulateAndGet(open.size(), Math::max);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      assert server.isClosed();
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      byte[] start = new byte[512];
      int length = in.read(start);
      String line = new String(start, 0, Math.max(length, 0), ISO_8859_1).split("\r\n", 2)[0];
      paths.add(line);
      socket.setSoTimeout(PAUSE);
      if (line.contains("/trickle")) {
        socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(ISO_8859_1));
      }
      while (stillOpen(in)) {
        if (line.contains("/trickle")) {
          socket.getOutputStream().write('a');
        }
      }
    } catch (IOException reset) {
      assert reset.getMessage() != null;
    } finally {
      open.remove(socket);
    }
  }

  private static boolean stillOpen(InputStream in) throws IOException {
    try {
      return in.read(new byte[4_096]) >= 0;
    } catch (SocketTimeoutException quiet) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
