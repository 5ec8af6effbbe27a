package io.livehook.it.receiver;

import io.livehook.it.http.Server;
import io.livehook.it.load.Bodies;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers 204 to every POST and counts them; {@code GET /count} says how many. With {@code
 * recording} it also notes the number in each body and when it came, for latencies.
 */
public final class Sink implements AutoCloseable {
  private final Server server;
  private final boolean recording;
  private final LongAdder arrivals = new LongAdder();
  private long[] numbers = new long[1 << 16];
  private long[] times = new long[1 << 16];
  private int recorded;

  public Sink(int port, boolean recording) {
    this.recording = recording;
    this.server = new Server("sink", port, this::handle);
  }

  /** {@code Sink [PORT]}: runs until it is killed, in a process of its own. */
  public static void main(String[] arguments) throws InterruptedException {
    Sink sink = new Sink(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0, false);
    System.out.println(sink.port());
    Thread.currentThread().join();
  }

  public int port() {
    return server.port();
  }

  public long arrivals() {
    return arrivals.sum();
  }

  /** Gets the number of a body and the nanosecond of its arrival. */
  @FunctionalInterface
  public interface Visitor {
    void visit(long number, long at);
  }

  /** Call after {@link #close}, which hands the records over. */
  public void forEach(Visitor visitor) {
    for (int i = 0; i < recorded; i++) {
      visitor.visit(numbers[i], times[i]);
    }
  }

  @Override
  public void close() {
    server.close();
  }

  private void handle(Server.Request request) {
    if (request.target().equals("/count")) {
      request.answer(200, "", Long.toString(arrivals()));
      return;
    }
    if (recording && request.bodyLength() == Bodies.SIZE) {
      record(Bodies.number(request), request.at());
    }
    arrivals.increment();
    request.noContent();
  }

  private void record(long number, long at) {
    if (recorded == numbers.length) {
      numbers = Arrays.copyOf(numbers, recorded * 2);
      times = Arrays.copyOf(times, recorded * 2);
    }
    numbers[recorded] = number;
    times[recorded++] = at;
  }
}
