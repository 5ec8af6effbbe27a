package io.livehook.it.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests over a fixed number of keep-alive connections, one request in flight on each, from
 * one thread of its own. A broken connection is opened again until the pump is closed.
 */
public final class Pump implements AutoCloseable {
  private static final long RECONNECT_AFTER = TimeUnit.MILLISECONDS.toNanos(20);

  /** What to send and what came of it; called on the pump's thread only. */
  public interface Work {
    /** Puts the next request into {@code out} and says true, or says false: nothing to send now. */
    boolean next(int connection, ByteBuffer out);

    void answered(int connection, Answer answer);

    /** The request of this connection will never be answered: it is in doubt. */
    void broken(int connection);
  }

  /** The answer to a request. */
  public static final class Answer extends Message {}

  private final InetSocketAddress target;
  private final Work work;
  private final Selector selector;
  private final Line[] lines;
  private final ArrayDeque<Line> idle = new ArrayDeque<>();
  private final ArrayDeque<Line> closed = new ArrayDeque<>();
  private final Answer answer = new Answer();
  private final Thread thread;
  private volatile boolean stopping;

  public Pump(String name, int port, int connections, Work work) {
    this.target = new InetSocketAddress("127.0.0.1", port);
    this.work = work;
    try {
      this.selector = Selector.open();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    this.lines = new Line[connections];
    for (int i = 0; i < connections; i++) {
      lines[i] = new Line(i);
      closed.add(lines[i]);
    }
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /** Stops at once; requests in flight stay unanswered. */
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
        reopen();
        sendWhatIsDue();
        selector.select(this::ready, 1);
      }
      for (Line line : lines) {
        line.shut();
      }
      selector.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void reopen() {
    long now = System.nanoTime();
    while (!closed.isEmpty() && closed.element().reopenAt - now <= 0) {
      closed.remove().open();
    }
  }

  private void sendWhatIsDue() {
    while (!idle.isEmpty() && idle.element().sendNext()) {
      idle.remove();
    }
  }

  private void ready(SelectionKey key) {
    ((Line) key.attachment()).ready(key);
  }

  private final class Line {
    private final int number;
    private ByteBuffer out = ByteBuffer.allocate(8 * 1024);
    private ByteBuffer in = ByteBuffer.allocate(8 * 1024);
    private SocketChannel channel;
    private SelectionKey key;
    private boolean waiting;
    private long reopenAt = System.nanoTime();

    @SuppressWarnings("NullAway.Init") // opened by the loop before anything else
    Line(int number) {
      this.number = number;
    }

    void open() {
      try {
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        in.clear();
        boolean connected = channel.connect(target);
        key =
            channel.register(
                selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        if (connected) {
          idle.add(this);
        }
      } catch (IOException refused) {
        fail();
      }
    }

    boolean sendNext() {
      out.clear();
      if (!channel.isOpen()) {
        return true;
      }
      if (!work.next(number, out)) {
        return false;
      }
      out.flip();
      waiting = true;
      try {
        write();
      } catch (IOException broken) {
        fail();
      }
      return true;
    }

    void ready(SelectionKey ready) {
      try {
        if (ready.isConnectable()) {
          channel.finishConnect();
          ready.interestOps(SelectionKey.OP_READ);
          idle.add(this);
        } else if (ready.isWritable()) {
          write();
        } else {
          read();
        }
      } catch (IOException broken) {
        fail();
      }
    }

    private void write() throws IOException {
      channel.write(out);
      key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void read() throws IOException {
      if (channel.read(in) < 0) {
        fail();
        return;
      }
      int headEnd = Head.end(in.array(), 0, in.position());
      int end =
          headEnd < 0 ? -1 : answer.take(in.array(), in.position(), headEnd, System.nanoTime());
      if (end < 0) {
        grow();
      } else if (waiting) {
        waiting = false;
        work.answered(number, answer);
        in.clear();
        if (!sendNext()) {
          idle.add(this);
        }
      }
    }

    private void grow() {
      if (!in.hasRemaining()) {
        in = ByteBuffer.wrap(Arrays.copyOf(in.array(), in.capacity() * 2)).position(in.capacity());
      }
    }

    private void fail() {
      shut();
      if (!idle.remove(this) && waiting) {
        waiting = false;
        work.broken(number);
      }
      reopenAt = System.nanoTime() + RECONNECT_AFTER;
      closed.add(this);
    }

    private void shut() {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException alreadyGone) {
        // nothing is owed to a connection that cannot be closed
      }
    }
  }
}
