package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The outbound client on an event loop of its own, for tests on a thread that may wait. */
final class Outbound implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(1);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final OutboundHttp http;

  Outbound() {
    this(new Guard(GuardPolicy.DEV), 4, DEADLINE);
  }

  Outbound(Guard guard, int connections, Duration deadline) {
    this(guard, null, connections, deadline);
  }

  Outbound(Guard guard, ScriptedDns dns) {
    this(guard, dns.provider(), 4, DEADLINE);
  }

  Outbound(
      Guard guard,
      @Nullable DnsServerAddressStreamProvider servers,
      int connections,
      Duration deadline) {
    this(
        guard, servers, new OutboundOptions(deadline, Duration.ofMillis(500), 65_536, connections));
  }

  Outbound(Guard guard, @Nullable DnsServerAddressStreamProvider servers, OutboundOptions options) {
    http = onLoop(() -> new OutboundHttp(vertx, options, guard, servers));
  }

  /** A request for the exchange to send, or null, and what came of it. */
  static final class Sent implements Exchange {
    final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final @Nullable OutboundRequest request;
    OutboundHttp.@Nullable Handle handle;

    Sent(@Nullable OutboundRequest request) {
      this.request = request;
    }

    @Override
    public @Nullable OutboundRequest ready() {
      asked.complete(null);
      return request;
    }

    @Override
    public void ended(AttemptResult ended) {
      if (!result.complete(ended)) {
        throw new AssertionError("ended twice");
      }
    }

    AttemptResult await() {
      return Outbound.await(result);
    }
  }

  static OutboundRequest request(String body, CharSequence... headers) {
    return new OutboundRequest(headers, Buffer.buffer(body.getBytes(UTF_8)));
  }

  /** Starts an attempt and waits for its end. */
  AttemptResult post(String url) {
    return start(url, request("x")).await();
  }

  Sent start(String url, @Nullable OutboundRequest request) {
    Sent sent = new Sent(request);
    return onLoop(
        () -> {
          sent.handle = http.post(http.target(url), sent);
          return sent;
        });
  }

  /** Both in one turn of the loop. */
  void startAndAbort(String url, Sent sent) {
    Void done =
        onLoop(
            () -> {
              http.post(http.target(url), sent).abort();
              return null;
            });
    assert done == null;
  }

  void abort(Sent sent) {
    Void done =
        onLoop(
            () -> {
              java.util.Objects.requireNonNull(sent.handle).abort();
              return null;
            });
    assert done == null;
  }

  <T extends @Nullable Object> T onLoop(java.util.function.Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          try {
            done.complete(work.get());
          } catch (RuntimeException | AssertionError failure) {
            done.completeExceptionally(failure);
          }
        });
    return await(done);
  }

  static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError("did not end", failure);
    }
  }

  @Override
  public void close() {
    Void done =
        onLoop(
            () -> {
              http.close();
              return null;
            });
    assert done == null;
    vertx.close().await();
  }
}
