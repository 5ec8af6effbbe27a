package io.livehook.outcome;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A Resilience4j circuit breaker per callback, made at its first failure and forgotten when it has
 * been quiet for long: a callback without failures costs a look into a bounded cache only while
 * others fail. One per event loop.
 */
public final class Breakers {
  private static final int MOST = 50_000;

  private final Cache<String, CircuitBreaker> breakers =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterAccess(Duration.ofMinutes(15))
          .executor(Runnable::run)
          .build();
  private final CircuitBreakerConfig config;
  private boolean none = true;

  /** {@code failures}: so many of the last twice as many calls must have failed, at least. */
  public Breakers(int failures) {
    this.config =
        CircuitBreakerConfig.custom()
            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(2 * failures)
            .minimumNumberOfCalls(failures)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofDays(1))
            .build();
  }

  /** True when the breaker opens on this failure. */
  public boolean failed(String callback, long milliseconds) {
    none = false;
    CircuitBreaker breaker = breakers.get(callback, name -> CircuitBreaker.of("callback", config));
    boolean closed = breaker.getState() == CircuitBreaker.State.CLOSED;
    breaker.onError(milliseconds, TimeUnit.MILLISECONDS, FAILURE);
    return closed && breaker.getState() == CircuitBreaker.State.OPEN;
  }

  /** A delivery: the breaker counts it, or starts anew when it had opened. */
  public void succeeded(String callback, long milliseconds) {
    if (none) {
      return;
    }
    CircuitBreaker breaker = breakers.getIfPresent(callback);
    if (breaker == null) {
      return;
    }
    if (breaker.getState() == CircuitBreaker.State.CLOSED) {
      breaker.onSuccess(milliseconds, TimeUnit.MILLISECONDS);
    } else {
      breakers.invalidate(callback);
    }
  }

  private static final Exception FAILURE =
      new Exception("an attempt failed", null, false, false) {
        private static final long serialVersionUID = 1;
      };
}
