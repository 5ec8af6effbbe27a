package io.livehook.delivery;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.security.Signer;
import io.livehook.security.SigningSecret;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures the CPU of the client's event loop per 1 KiB POST against a tiny sink in the same
 * process: {@code PostCost outbound|unsigned|http|web [posts per round]}. The first rounds warm up.
 * The figures of docs/adr/0003-deliveries-use-httpclient.md come from here.
 */
final class PostCost {
  private static final int IN_FLIGHT = 64;
  private static final int ROUNDS = 8;
  private static final Buffer NO_CONTENT = Buffer.buffer("HTTP/1.1 204 No Content\r\n\r\n");

  private final byte[] bytes = new byte[1_024];
  private final Buffer body;
  private final Signer signer =
      new Signer(SigningSecret.parse(SigningSecret.generate(new Random(1))));
  private final boolean signed;
  private final OutboundHttp http;
  private final Target target;
  private final RequestOptions options;
  private final WebClient web;
  private long counted;
  private volatile long done;

  private PostCost(Vertx vertx, int port, boolean signed) {
    new Random(2).nextBytes(bytes);
    this.body = Buffer.buffer(bytes);
    this.signed = signed;
    this.http =
        new OutboundHttp(
            vertx,
            new OutboundOptions(Duration.ofSeconds(15), Duration.ofSeconds(5), 65_536, IN_FLIGHT),
            new Guard(GuardPolicy.DEV));
    this.target = http.target("http://127.0.0.1:" + port + "/in");
    this.options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/in");
    this.web =
        WebClient.wrap(
            http.client,
            new WebClientOptions().setFollowRedirects(false).setUserAgentEnabled(false));
  }

  private CharSequence[] headers() {
    String id = "msg_0000000000000";
    String timestamp = "1700000000";
    return new CharSequence[] {
      Names.WEBHOOK_ID,
      id,
      Names.LOCATION,
      "https://origin.example/items/1",
      Names.CONTENT_DIGEST,
      "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
      Names.CONTENT_TYPE,
      "application/json",
      Names.WEBHOOK_TIMESTAMP,
      timestamp,
      Names.WEBHOOK_SIGNATURE,
      signed ? signer.webhookSignature(id, timestamp, bytes) : "v1," + "A".repeat(44),
      Names.X_HOOK_SIGNATURE,
      signed ? signer.hookSignature(bytes) : "0".repeat(64),
      Names.WEBHOOK_ATTEMPT,
      "1",
      Names.USER_AGENT,
      Names.LIVEHOOK,
    };
  }

  private void post(String how) {
    switch (how) {
      case "http" -> httpClient();
      case "web" -> webClient();
      default -> outbound();
    }
  }

  private void outbound() {
    OutboundHttp.Handle handle =
        http.post(
            target,
            new Exchange() {
              @Override
              public @Nullable OutboundRequest ready() {
                return new OutboundRequest(headers(), body);
              }

              @Override
              public void ended(AttemptResult result) {
                count(result.status());
                outbound();
              }
            });
    assert handle != null;
  }

  /** The same client without our attempt around it, as plainly as it can be used. */
  private void httpClient() {
    http.client
        .request(options)
        .compose(
            request -> {
              CharSequence[] all = headers();
              for (int i = 0; i < all.length; i += 2) {
                request.putHeader(all[i], all[i + 1]);
              }
              return request.send(body);
            })
        .onComplete(
            answer -> {
              count(answer.succeeded() ? answer.result().statusCode() : 0);
              httpClient();
            });
  }

  private void webClient() {
    HttpRequest<Buffer> request = web.request(HttpMethod.POST, options);
    CharSequence[] all = headers();
    for (int i = 0; i < all.length; i += 2) {
      request.headers().add(all[i], all[i + 1]);
    }
    request
        .sendBuffer(body)
        .onComplete(
            answer -> {
              count(answer.succeeded() ? answer.result().statusCode() : 0);
              webClient();
            });
  }

  private void count(int status) {
    if (status != 204) {
      throw new IllegalStateException("status " + status);
    }
    counted++;
    done = counted;
  }

  /** Requests of one connection are all of one length: the first one tells it. */
  private static void sink(NetSocket socket) {
    long[] seen = new long[2];
    socket.handler(
        bytes -> {
          seen[0] += bytes.length();
          if (seen[1] == 0) {
            seen[1] = bytes.toString("ISO-8859-1").indexOf("\r\n\r\n") + 4L + 1_024;
          }
          for (; seen[0] >= seen[1]; seen[0] -= seen[1]) {
            socket.write(NO_CONTENT).onFailure(gone -> socket.close());
          }
        });
  }

  private static int listen(Vertx vertx, Context context) throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    context.runOnContext(
        now ->
            vertx
                .createNetServer()
                .connectHandler(PostCost::sink)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port.complete(server.actualPort()))
                .onFailure(port::completeExceptionally));
    return port.get(10, TimeUnit.SECONDS);
  }

  private static long cpu(long thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
  }

  public static void main(String[] args) throws Exception {
    String how = args.length > 0 ? args[0] : "outbound";
    int postsPerRound = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
    VertxInternal internal = (VertxInternal) vertx;
    int port = listen(vertx, internal.createEventLoopContext());
    Context loop = internal.createEventLoopContext();
    CompletableFuture<Long> thread = new CompletableFuture<>();
    CompletableFuture<PostCost> started = new CompletableFuture<>();
    loop.runOnContext(
        now -> {
          thread.complete(Thread.currentThread().threadId());
          PostCost cost = new PostCost(vertx, port, !how.equals("unsigned"));
          for (int i = 0; i < IN_FLIGHT; i++) {
            cost.post(how);
          }
          started.complete(cost);
        });
    PostCost cost = started.get(10, TimeUnit.SECONDS);
    long id = thread.get(10, TimeUnit.SECONDS);
    for (int round = 0; round < ROUNDS; round++) {
      long posts = cost.done;
      long before = cpu(id);
      while (cost.done - posts < postsPerRound) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      System.out.printf(
          "%s: %.2f us of loop CPU per POST%n",
          how, (cpu(id) - before) / 1e3 / (cost.done - posts));
    }
    vertx.close().await();
  }
}
