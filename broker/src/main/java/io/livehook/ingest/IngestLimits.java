package io.livehook.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.livehook.http.Exchange;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How much one tenant's origins may push to this node: requests per second, and requests at once. A
 * Resilience4j rate limiter and bulkhead per tenant in a bounded cache, shared by the event loops.
 * Judged before a byte of the body is read.
 */
public final class IngestLimits {
  private static final int MOST = 10_000;
  private static final CharSequence POLICY = HttpHeaders.createOptimized("ratelimit-policy");
  private static final CharSequence STATE = HttpHeaders.createOptimized("ratelimit");

  private final Cache<Long, Limits> tenants =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
  private final int rate;
  private final CharSequence policy;
  private final RateLimiterConfig rates;
  private final BulkheadConfig atOnce;

  private record Limits(@Nullable RateLimiter rate, Bulkhead atOnce) {}

  /** Rate 0: none. */
  public IngestLimits(int rate, int atOnce) {
    this.rate = rate;
    this.policy = HttpHeaders.createOptimized("\"tenant\";q=" + rate + ";w=1");
    this.rates =
        RateLimiterConfig.custom()
            .limitForPeriod(Math.max(1, rate))
            .limitRefreshPeriod(Duration.ofSeconds(1))
            .timeoutDuration(Duration.ZERO)
            .build();
    this.atOnce =
        BulkheadConfig.custom().maxConcurrentCalls(atOnce).maxWaitDuration(Duration.ZERO).build();
  }

  /** The same handler, kept to the limits of the tenant that the request acts in. */
  public Consumer<Exchange> limited(Consumer<Exchange> handler) {
    return exchange -> {
      Limits limits = tenants.get(exchange.tenant().id(), this::make);
      if (mayAsk(exchange, limits.rate()) && mayStart(exchange, limits.atOnce())) {
        handler.accept(exchange);
      }
    };
  }

  private Limits make(long tenant) {
    return new Limits(
        rate == 0 ? null : RateLimiter.of("tenant", rates), Bulkhead.of("tenant", atOnce));
  }

  private boolean mayAsk(Exchange exchange, @Nullable RateLimiter limiter) {
    if (limiter == null) {
      return true;
    }
    boolean may = limiter.acquirePermission();
    int left = may ? Math.max(0, limiter.getMetrics().getAvailablePermissions()) : 0;
    exchange.put(POLICY, policy);
    exchange.put(STATE, "\"tenant\";r=" + left + ";t=1");
    if (!may) {
      exchange.problem(
          Problem.later(
              ProblemKind.TOO_MANY_REQUESTS, "The limit is %d a second.".formatted(rate), 1));
    }
    return may;
  }

  /** Given back when the answer is written or the connection is gone, whichever comes first. */
  private static boolean mayStart(Exchange exchange, Bulkhead bulkhead) {
    if (!bulkhead.tryAcquirePermission()) {
      int most = bulkhead.getBulkheadConfig().getMaxConcurrentCalls();
      exchange.problem(
          Problem.later(
              ProblemKind.TOO_MANY_REQUESTS, "The limit is %d at once.".formatted(most), 1));
      return false;
    }
    exchange.onEnd(bulkhead::onComplete);
    return true;
  }
}
