package io.livehook.it.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * A receiver of HTTP/1.1 requests on loopback: one thread, keep-alive, answers at once or later.
 * Lean on purpose, so that in a benchmark it costs little of the two cores.
 */
public final class Server implements AutoCloseable {
  private static final byte[] NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1);

  /** Called on the server's thread; answers the request before it returns or by {@code later}. */
  public interface Handler {
    void handle(Request request);
  }

  private final ServerSocketChannel listener;
  private final Selector selector;
  private final Handler handler;
  private final PriorityQueue<Line> delayed =
      new PriorityQueue<>(Comparator.comparingLong(line -> line.due));
  private final Thread thread;
  private volatile boolean stopping;

  /** Port 0 takes a free one. */
  public Server(String name, int port, Handler handler) {
    this.handler = handler;
    try {
      this.selector = Selector.open();
      this.listener = ServerSocketChannel.open();
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(new InetSocketAddress("127.0.0.1", port), 4096);
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  public int port() {
    return listener.socket().getLocalPort();
  }

  @Override
  public void close() {
    stopping = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        selector.select(this::ready, answerWhatIsDue());
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Returns the milliseconds until the next answer is due; 0 = none. */
  private long answerWhatIsDue() {
    while (!delayed.isEmpty()) {
      long left = delayed.element().due - System.nanoTime();
      if (left > 0) {
        return left / 1_000_000 + 1;
      }
      delayed.remove().sendAnswer();
    }
    return 0;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Line line) {
      line.ready();
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      for (SocketChannel channel = listener.accept();
          channel != null;
          channel = listener.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Line line = new Line(channel);
        line.key = channel.register(selector, SelectionKey.OP_READ, line);
      }
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** A request that wants an answer. */
  public static final class Request extends Message {
    private final Line line;

    private Request(Line line) {
      this.line = line;
    }

    public void noContent() {
      line.answer(NO_CONTENT, 0);
    }

    public void answer(int status, String headers, String body) {
      line.answer(bytes(status, headers, body), 0);
    }

    /** An answer byte by byte as given. */
    public void raw(String answer) {
      line.answer(answer.getBytes(ISO_8859_1), 0);
    }

    /** {@code sent} hears whether the connection still took the answer. */
    public void later(Duration delay, int status, Consumer<Boolean> sent) {
      line.sent = sent;
      byte[] bytes = status == 204 ? NO_CONTENT : bytes(status, "", "");
      line.answer(bytes, System.nanoTime() + delay.toNanos());
    }

    /** Closes the connection without an answer. */
    public void hangUp() {
      line.shut();
    }

    private static byte[] bytes(int status, String headers, String body) {
      int length = body.getBytes(ISO_8859_1).length;
      return ("HTTP/1.1 "
              + status
              + " x\r\n"
              + headers
              + "Content-Length: "
              + length
              + "\r\n\r\n"
              + body)
          .getBytes(ISO_8859_1);
    }
  }

  private final class Line {
    private final SocketChannel channel;
    private final Request request = new Request(this);
    private ByteBuffer in = ByteBuffer.allocate(4 * 1024);
    private ByteBuffer out = ByteBuffer.wrap(NO_CONTENT);
    private SelectionKey key;
    private boolean answering;
    private long due;
    private Consumer<Boolean> sent = ignored -> {};

    @SuppressWarnings("NullAway.Init") // its key is set right after the registration
    Line(SocketChannel channel) {
      this.channel = channel;
    }

    void ready() {
      try {
        if (key.isWritable()) {
          write();
        } else if (channel.read(in) < 0) {
          shut();
        } else {
          handleWhatArrived();
        }
      } catch (IOException broken) {
        shut();
      }
    }

    private void handleWhatArrived() {
      while (!answering && channel.isOpen()) {
        int headEnd = Head.end(in.array(), 0, in.position());
        int end =
            headEnd < 0 ? -1 : request.take(in.array(), in.position(), headEnd, System.nanoTime());
        if (end < 0) {
          grow();
          return;
        }
        answering = true;
        handler.handle(request);
        in.flip().position(end);
        in.compact();
      }
    }

    private void grow() {
      if (!in.hasRemaining()) {
        in = ByteBuffer.wrap(Arrays.copyOf(in.array(), in.capacity() * 2)).position(in.capacity());
      }
    }

    private void answer(byte[] bytes, long at) {
      out = ByteBuffer.wrap(bytes);
      due = at;
      if (at == 0) {
        sendAnswer();
      } else {
        delayed.add(this);
      }
    }

    private void sendAnswer() {
      if (due == 0) {
        tryToWrite();
        return;
      }
      boolean taken = tryToWrite();
      sent.accept(taken);
      if (taken && !answering) {
        handleWhatArrived();
      }
    }

    private boolean tryToWrite() {
      try {
        write();
        return true;
      } catch (IOException broken) {
        shut();
        return false;
      }
    }

    private void write() throws IOException {
      channel.write(out);
      if (out.hasRemaining()) {
        key.interestOps(SelectionKey.OP_WRITE);
        return;
      }
      answering = false;
      if (key.interestOps() != SelectionKey.OP_READ) {
        key.interestOps(SelectionKey.OP_READ);
      }
    }

    private void shut() {
      try {
        channel.close();
      } catch (IOException alreadyGone) {
        // nothing is owed to a connection that cannot be closed
      }
    }
  }
}
