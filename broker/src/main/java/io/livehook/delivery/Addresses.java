package io.livehook.delivery;

import io.livehook.lane.FailureReason;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.util.List;

/**
 * Names to addresses: all of them are judged, one bad address refuses the name, and the connection
 * goes to a judged one. Answers are kept for their TTL, at most 30 s. One per event loop.
 */
final class Addresses implements AutoCloseable {
  private final DnsNameResolver resolver;
  private final AddressCheck check;

  Addresses(VertxInternal vertx, EventLoop loop, AddressCheck check) {
    this.check = check;
    this.resolver =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(() -> vertx.transport().datagramChannel())
            .queryTimeoutMillis(2_000)
            .maxQueriesPerResolve(8)
            .ttl(0, 30)
            .negativeTtl(5)
            .build();
  }

  /** What a host came to: one of the two, at once or later on the event loop. */
  interface Asker {
    void pinned(String address);

    void refused(FailureReason reason);
  }

  /** An address in the URL is judged once; a name is resolved, and judged, every time. */
  void find(Target target, Asker asker) {
    InetAddress literal = target.literal;
    if (literal == null) {
      resolver
          .resolveAll(target.host)
          .addListener((Future<List<InetAddress>> answer) -> answered(answer, asker));
    } else if (target.allowed || check.allows(literal)) {
      target.allowed = true;
      asker.pinned(literal.getHostAddress());
    } else {
      asker.refused(FailureReason.BLOCKED_ADDRESS);
    }
  }

  private void answered(Future<List<InetAddress>> answer, Asker asker) {
    if (!answer.isSuccess() || answer.getNow().isEmpty()) {
      asker.refused(FailureReason.DNS_ERROR);
      return;
    }
    for (InetAddress each : answer.getNow()) {
      if (!check.allows(each)) {
        asker.refused(FailureReason.BLOCKED_ADDRESS);
        return;
      }
    }
    asker.pinned(answer.getNow().get(0).getHostAddress());
  }

  @Override
  public void close() {
    resolver.close();
  }
}
