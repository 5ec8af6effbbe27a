package io.livehook.it.bench;

import io.livehook.delivery.AttemptResult;
import io.livehook.delivery.Exchange;
import io.livehook.delivery.OutboundHttp;
import io.livehook.delivery.OutboundOptions;
import io.livehook.delivery.OutboundRequest;
import io.livehook.delivery.Target;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.it.load.Bodies;
import io.livehook.security.Signer;
import io.livehook.security.SigningSecret;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One event loop of the raw client. Keeps a number of POSTs in flight, each to one of 1,000
 * callbacks with one of 1,000 bodies, signed afresh. Its orders come from another thread, all else
 * is on the loop.
 */
final class RawLoop {
  private static final Guard GUARD = new Guard(GuardPolicy.DEV);
  private static final int CALLBACKS = 1_000;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Context context;
  private final int port;
  private final int inFlight;
  private final List<Target> targets = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();
  private final List<String> digests = new ArrayList<>();
  private final Signer signer =
      new Signer(SigningSecret.parse(SigningSecret.generate(new Random(1))));
  private volatile CountDownLatch idle = new CountDownLatch(0);
  private OutboundHttp http;
  private int open;
  private int next;
  private boolean saturating;
  private long step;
  private long due;
  private long until;

  @SuppressWarnings("NullAway.Init") // the client comes with start()
  RawLoop(Context context, int port, int inFlight) {
    this.context = context;
    this.port = port;
    this.inFlight = inFlight;
    for (int i = 0; i < CALLBACKS; i++) {
      bodies.add(Bodies.of(i));
      digests.add(Signer.contentDigest(bodies.get(i)));
    }
  }

  /** Before anything else is asked of it. */
  Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(
        now -> {
          OutboundOptions options =
              new OutboundOptions(Duration.ofSeconds(15), Duration.ofSeconds(5), 65_536, inFlight);
          http = new OutboundHttp(context.owner(), options, GUARD);
          for (int i = 0; i < CALLBACKS; i++) {
            targets.add(http.target("http://127.0.0.1:" + port + "/r/" + i + "/s/0"));
          }
          started.complete();
        });
    return started.future();
  }

  /** As fast as answers come back, until {@link #enough}. */
  void saturate() {
    idle = new CountDownLatch(1);
    context.runOnContext(
        now -> {
          saturating = true;
          while (open < inFlight) {
            post(next % CALLBACKS);
          }
        });
  }

  void enough() {
    context.runOnContext(now -> saturating = false);
  }

  /** Bodies carry the nanosecond of the call, so that the sink can tell the latency. */
  void rate(int perSecond, int seconds) {
    idle = new CountDownLatch(1);
    context.runOnContext(
        now -> {
          step = NANOS / perSecond;
          due = System.nanoTime();
          until = due + seconds * NANOS;
          tick();
        });
  }

  void awaitIdle() {
    try {
      idle.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    for (long now = System.nanoTime(); due <= now && due < until; due += step) {
      if (open < inFlight) {
        byte[] body = Bodies.of(System.nanoTime());
        post(targets.get(next++ % CALLBACKS), body, Signer.contentDigest(body));
      }
    }
    if (due < until) {
      long timer = context.owner().setTimer(1, again -> tick());
      assert timer >= 0;
    } else if (open == 0) {
      idle.countDown();
    }
  }

  private void post(int index) {
    next++;
    post(targets.get(index), bodies.get(index), digests.get(index));
  }

  private void post(Target target, byte[] body, String digest) {
    open++;
    OutboundHttp.Handle handle = http.post(target, new Signed(body, digest));
    assert handle != null;
  }

  private void ended() {
    open--;
    if (saturating) {
      post(next % CALLBACKS);
    } else if (open == 0 && due >= until) {
      idle.countDown();
    }
  }

  /** What the broker's own exchange does for each attempt, without a broker. */
  private final class Signed implements Exchange {
    private final byte[] body;
    private final String digest;

    Signed(byte[] body, String digest) {
      this.body = body;
      this.digest = digest;
    }

    @Override
    public OutboundRequest ready() {
      String id = "msg_0000000000000";
      String timestamp = Long.toString(System.currentTimeMillis() / 1000);
      CharSequence[] headers = {
        "webhook-id",
        id,
        "webhook-sequence",
        "1",
        "location",
        "https://origin.example/items/1",
        "content-digest",
        digest,
        "content-type",
        "application/json",
        "webhook-timestamp",
        timestamp,
        "webhook-signature",
        signer.webhookSignature(id, timestamp, body),
        "x-hook-signature",
        signer.hookSignature(body),
        "webhook-attempt",
        "1",
        "user-agent",
        "livehook"
      };
      return new OutboundRequest(headers, Buffer.buffer(body));
    }

    @Override
    public void ended(AttemptResult result) {
      RawLoop.this.ended();
    }
  }
}
