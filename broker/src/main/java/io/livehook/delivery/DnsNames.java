package io.livehook.delivery;

import io.livehook.guard.NameSource;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks DNS, with Netty's resolver: A and AAAA of exactly the name that is given (no search list),
 * within 2 s in all (reliability.md U10). Keeps nothing; the guard does. One per event loop.
 */
final class DnsNames implements NameSource, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final DnsNameResolver resolver;
  private final Ttls ttls = new Ttls();

  DnsNames(VertxInternal vertx, EventLoop loop, @Nullable DnsServerAddressStreamProvider servers) {
    this.loop = loop;
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(() -> vertx.transport().datagramChannel())
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .completeOncePreferredResolved(false)
            .searchDomains(List.of())
            .queryTimeoutMillis(LIMIT.toMillis())
            .maxQueriesPerResolve(8)
            .resolveCache(ttls)
            .cnameCache(NoopDnsCnameCache.INSTANCE);
    this.resolver = (servers == null ? builder : builder.nameServerProvider(servers)).build();
  }

  @Override
  public void ask(String name, Answer answer) {
    Future<List<InetAddress>> asked = resolver.resolveAll(name);
    var late = loop.schedule(() -> asked.cancel(false), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    asked.addListener(
        (Future<List<InetAddress>> done) -> {
          late.cancel(false);
          Duration ttl = ttls.take(name);
          if (done.isSuccess() && !done.getNow().isEmpty()) {
            answer.addresses(done.getNow(), ttl);
          } else {
            answer.none();
          }
        });
  }

  @Override
  public void close() {
    resolver.close();
  }

  /**
   * Sees the records of every answer on their way to Netty's cache, which there is none: the
   * shortest TTL is all that is noted, until the look-up ends. A name that is not asked, as one in
   * the hosts file, has the longest.
   */
  private static final class Ttls implements DnsCache {
    private final Map<String, Duration> shortest = new HashMap<>();

    Duration take(String name) {
      Duration noted = shortest.remove(name + ".");
      Duration bare = shortest.remove(name);
      return noted != null ? noted : bare != null ? bare : Duration.ofDays(1);
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
      return null;
    }

    @Override
    public @Nullable DnsCacheEntry cache(
        String name,
        DnsRecord[] additionals,
        InetAddress address,
        long originalTtl,
        EventLoop loop) {
      shortest.merge(name, Duration.ofSeconds(originalTtl), (a, b) -> a.compareTo(b) < 0 ? a : b);
      return null;
    }

    @Override
    public @Nullable DnsCacheEntry cache(
        String name, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
      return null;
    }

    @Override
    public void clear() {
      shortest.clear();
    }

    @Override
    public boolean clear(String name) {
      return shortest.remove(name) != null;
    }
  }
}
