package io.livehook.it.receiver;

import io.livehook.it.checker.Arrival;
import io.livehook.it.http.Server;
import io.livehook.it.load.Bodies;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A consumer that looks closely: verifies each delivery, answers as it is told to and reports what
 * it saw. Answers come a little late, so that attempts are in flight at any moment.
 */
public final class Receiver implements AutoCloseable {
  /** How a request is answered. */
  public record Reply(int status, Duration after) {
    public static final Reply OK = new Reply(204, Duration.ZERO);
  }

  /** Decides the reply; called on the receiver's thread. */
  @FunctionalInterface
  public interface Manner {
    Reply replyTo(Server.Request request);
  }

  private final Server server;
  private final Consumer<Arrival> reports;
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder posts = new LongAdder();
  private volatile Manner manner;

  public Receiver(Manner manner, Consumer<Arrival> reports) {
    this.manner = manner;
    this.reports = reports;
    this.server = new Server("receiver", 0, this::handle);
  }

  public String callback(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  /** The secret that deliveries to this path are signed with. */
  public void trust(String path, String secret) {
    secrets.put(path, secret);
  }

  public void become(Manner next) {
    manner = next;
  }

  /** Requests that have no answer yet. */
  public int open() {
    return open.get();
  }

  /** Requests so far, whatever they were answered. */
  public long posts() {
    return posts.sum();
  }

  @Override
  public void close() {
    server.close();
  }

  private void handle(Server.Request request) {
    posts.increment();
    String path = request.target();
    byte[] body = request.body();
    String secret = secrets.getOrDefault(path, "");
    boolean authentic =
        request.isPost()
            && !secret.isEmpty()
            && Signatures.hold(request, body, secret, System.currentTimeMillis() / 1000);
    String id = String.valueOf(request.header("webhook-id"));
    long at = request.at();
    long hash = Bodies.hash(body);
    Reply reply = manner.replyTo(request);
    if (reply.after().isZero()) {
      reports.accept(new Arrival(path, id, hash, authentic, reply.status(), at, at));
      request.later(Duration.ZERO, reply.status(), ignored -> {});
      return;
    }
    open.incrementAndGet();
    request.later(
        reply.after(),
        reply.status(),
        sent -> {
          open.decrementAndGet();
          int status = sent ? reply.status() : 0;
          reports.accept(new Arrival(path, id, hash, authentic, status, at, System.nanoTime()));
        });
  }
}
