package io.livehook.delivery;

import io.livehook.guard.Guard;
import io.livehook.guard.GuardedUrl;
import io.livehook.guard.JudgedNames;
import io.livehook.guard.Resolution;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import org.jspecify.annotations.Nullable;

/**
 * Judges a callback before anyone is subscribed: its text at once, its addresses by DNS. One for
 * all event loops; looks names up on a loop of its own and answers on the asker's.
 */
public final class CallbackCheck implements AutoCloseable {
  private static final int NAMES = 1_000;

  private final VertxInternal vertx;
  private final ContextInternal loop;
  private final Guard guard;
  private final DnsNames dns;
  private final JudgedNames names;

  public CallbackCheck(Vertx vertx, Guard guard) {
    this(vertx, guard, null);
  }

  /**
   * @param servers where names are looked up; null = as the system does
   */
  CallbackCheck(Vertx vertx, Guard guard, @Nullable DnsServerAddressStreamProvider servers) {
    this.vertx = (VertxInternal) vertx;
    this.loop = this.vertx.createEventLoopContext();
    this.guard = guard;
    this.dns = new DnsNames(this.vertx, loop.nettyEventLoop(), servers);
    this.names = new JudgedNames(guard, dns, NAMES);
  }

  public Guard.Verdict check(String url) {
    return guard.check(url);
  }

  /**
   * False: one of the name's addresses is forbidden. A name that has no address now may have one
   * when there is something to deliver, and is judged then.
   */
  public Future<Boolean> clean(GuardedUrl url) {
    if (url.literal() != null) {
      return Future.succeededFuture(true);
    }
    Promise<Boolean> judged = vertx.getOrCreateContext().promise();
    loop.runOnContext(
        turn ->
            names.find(
                url.host(),
                System.nanoTime(),
                found -> judged.complete(found.kind() != Resolution.Kind.BLOCKED)));
    return judged.future();
  }

  @Override
  public void close() {
    dns.close();
  }
}
