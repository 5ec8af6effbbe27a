package io.livehook.delivery;

import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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

  /** What a name came to. */
  record Judged(@Nullable String address, boolean blocked) {}

  /** An address literal, judged at once; null when the host is a name. */
  @Nullable Judged literal(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null) {
      return null;
    }
    try {
      return judged(List.of(InetAddress.getByAddress(bytes)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  /** Ends on the event loop. The second argument is true when the name did not resolve. */
  void resolve(String host, BiConsumer<@Nullable Judged, Boolean> done) {
    resolver
        .resolveAll(host)
        .addListener(
            (io.netty.util.concurrent.Future<List<InetAddress>> answer) -> {
              if (answer.isSuccess() && !answer.getNow().isEmpty()) {
                done.accept(judged(answer.getNow()), false);
              } else {
                done.accept(null, true);
              }
            });
  }

  private Judged judged(List<InetAddress> addresses) {
    for (InetAddress each : addresses) {
      if (!check.allows(each)) {
        return new Judged(null, true);
      }
    }
    return new Judged(addresses.get(0).getHostAddress(), false);
  }

  @Override
  public void close() {
    resolver.close();
  }
}
