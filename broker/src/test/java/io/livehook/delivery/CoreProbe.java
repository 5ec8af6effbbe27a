package io.livehook.delivery;

import io.livehook.lane.*;
import io.livehook.log.*;
import io.livehook.outcome.*;
import io.livehook.platform.*;
import io.vertx.core.*;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** By hand: throughput of the core without HTTP ingest. */
class CoreProbe {
  public static void main(String[] args) throws Exception {
    int fanout = Integer.parseInt(args[0]);
    int port = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    int loops = args.length > 3 ? Integer.parseInt(args[3]) : 2;
    TestDatabase db = TestDatabase.migrated().create();
    db.execute(
        "select create_day(current_date)",
        "select create_day(current_date+1)",
        "insert into tenant(public_id, slug) values (gen_random_uuid(), 't')");
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
    System.out.println("native " + vertx.isNativeTransportEnabled());
    List<Context> contexts = new ArrayList<>();
    for (int i = 0; i < loops; i++) contexts.add(((VertxInternal) vertx).createEventLoopContext());
    OutcomePolicy policy = new OutcomePolicy(new Random());
    RetrySchedule schedule = RetrySchedule.parse("5,300");
    NodeLanes lanes =
        new NodeLanes(
            vertx,
            db.url().connectOptions(),
            new NodeLanes.Plan(
                "n1",
                64,
                contexts,
                ctx -> {
                  Breakers breakers = new Breakers(5);
                  Limits l = Limits.DEFAULT;
                  int max = Integer.getInteger("inflight", 1000);
                  Limits limits =
                      new Limits(
                          l.batch(),
                          l.batchBytes(),
                          l.flushAfter(),
                          l.flushAt(),
                          max,
                          max,
                          l.bodies(),
                          l.lag(),
                          l.lagUpdates(),
                          l.changes(),
                          l.giveUpAfter());
                  AtomicReference<OutboundHttp> http = new AtomicReference<>();
                  CountDownLatch made = new CountDownLatch(1);
                  ctx.runOnContext(
                      v -> {
                        http.set(
                            new OutboundHttp(
                                vertx,
                                new OutboundOptions(
                                    java.time.Duration.ofSeconds(15),
                                    java.time.Duration.ofSeconds(5),
                                    65536,
                                    max),
                                AddressCheck.publicOnly(true)));
                        made.countDown();
                      });
                  if (Vertx.currentContext() == null || !Vertx.currentContext().equals(ctx)) {
                    try {
                      if (!made.await(2, TimeUnit.SECONDS))
                        throw new IllegalStateException("same loop");
                    } catch (InterruptedException e) {
                    }
                  } else
                    http.set(
                        new OutboundHttp(
                            vertx,
                            new OutboundOptions(
                                java.time.Duration.ofSeconds(15),
                                java.time.Duration.ofSeconds(5),
                                65536,
                                max),
                            AddressCheck.publicOnly(true)));
                  Judge judge =
                      (d, r, now) -> {
                        if (r.delivered()) {
                          breakers.succeeded(d.subscription.options().callback(), 1);
                          return new Judge.Judgement(Outcome.Delivered.INSTANCE, false);
                        }
                        Outcome o =
                            policy.decide(
                                new OutcomePolicy.Ended(
                                    r.status(), r.reason(), r.retryAfter(), d.used(), now, now),
                                schedule);
                        return new Judge.Judgement(
                            o, breakers.failed(d.subscription.options().callback(), 1));
                      };
                  return new NodeLanes.Surroundings(
                      new DeliverySender(http.get(), judge, res -> "http://localhost/r"),
                      Ids.ofThisHost(),
                      limits);
                }));
    lanes.start().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    UUID tenant = UUID.randomUUID();
    int resources = 1000;
    byte[] body = new byte[1024];
    Arrays.fill(body, (byte) 'x');
    Semaphore s = new Semaphore(200);
    for (int i = 0; i < resources; i++) {
      s.acquire();
      push(lanes, tenant, i, body).onComplete(v -> s.release());
    }
    s.acquire(200);
    s.release(200);
    for (int i = 0; i < resources; i++)
      for (int k = 0; k < fanout; k++) {
        s.acquire();
        String uri = "https://o.test/r/" + i;
        lanes
            .submit(
                new Submission.Subscribe(
                    1,
                    uri,
                    LaneOf.lane(tenant, uri, 64),
                    "",
                    UUID.randomUUID().toString(),
                    new SubscriptionOptions(
                        "http://127.0.0.1:" + port + "/s/" + i + "/" + k,
                        "http://127.0.0.1:" + port,
                        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                        false,
                        1,
                        null,
                        Long.MAX_VALUE),
                    new Submission.Actor("a", "b")))
            .onComplete(
                v -> {
                  if (v.failed() || !(v.result() instanceof Verdict.Subscribed))
                    System.out.println(v);
                  s.release();
                });
      }
    s.acquire(200);
    System.out.println("subscribed " + resources * fanout);
    AtomicLong acks = new AtomicLong();
    AtomicLong other = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    int publishers = Integer.getInteger("publishers", 64);
    for (int p = 0; p < publishers; p++)
      publish(lanes, tenant, new Random(p), body, acks, other, stop);
    long last = 0;
    for (int t = 0; t < seconds; t++) {
      Thread.sleep(1000);
      long a = acks.get();
      System.out.println("acks/s " + (a - last) + " other " + other.get());
      last = a;
    }
    stop.set(true);
    Thread.sleep(3000);
    db.execute("select 1");
    try (var c = db.connect();
        var st = c.createStatement();
        var rs =
            st.executeQuery(
                "select (select count(*) from update_log), (select count(*) from attempt where"
                    + " ended), (select count(*) from attempt), (select count(*) from retry),"
                    + " (select count(*) from behind), (select min(watermark>>22) from lane),"
                    + " (select max(id>>22) from update_log)")) {
      rs.next();
      System.out.println(
          "log "
              + rs.getLong(1)
              + " ended "
              + rs.getLong(2)
              + " attempts "
              + rs.getLong(3)
              + " retry "
              + rs.getLong(4)
              + " behind "
              + rs.getLong(5)
              + " W "
              + rs.getLong(6)
              + " newest "
              + rs.getLong(7));
    }
    lanes
        .stop(System.nanoTime() + 5_000_000_000L)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    System.exit(0);
  }

  static Future<Verdict> push(Lanes lanes, UUID tenant, int i, byte[] body) {
    String uri = "https://o.test/r/" + i;
    return lanes.submit(
        new Submission.Push(
            1,
            uri,
            LaneOf.lane(tenant, uri, 64),
            UpdateKind.VALUE,
            new Submission.Representation("\"e\"", "application/json", null, body),
            null,
            null));
  }

  static void publish(
      Lanes lanes,
      UUID tenant,
      Random r,
      byte[] body,
      AtomicLong acks,
      AtomicLong other,
      AtomicBoolean stop) {
    push(lanes, tenant, r.nextInt(1000), body)
        .onComplete(
            v -> {
              if (v.succeeded() && v.result() instanceof Verdict.Accepted) acks.incrementAndGet();
              else {
                if (other.incrementAndGet() < 5) System.out.println(v);
              }
              if (!stop.get()) {
                if (v.succeeded() && !(v.result() instanceof Verdict.Accepted))
                  ((Vertx) VX).setTimer(5, x -> publish(lanes, tenant, r, body, acks, other, stop));
                else publish(lanes, tenant, r, body, acks, other, stop);
              }
            });
  }

  static Object VX = Vertx.vertx();
}
