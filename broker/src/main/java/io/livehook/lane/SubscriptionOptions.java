package io.livehook.lane;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer chose for a subscription.
 *
 * @param callback the callback's URI, byte for byte as given
 * @param host registrable domain, a space, then scheme, host and port of the callback: the units of
 *     the in-flight limits
 * @param secret its signing secrets as they are stored: sealed, opened by the shell only
 * @param strict {@code order=strict}: the next update starts only after the one before has ended
 * @param maxInFlight attempts at once with {@code order=none}
 * @param retrySchedule seconds between attempts, comma-separated; null = the tenant's or default
 * @param leaseUntil epoch millisecond at which the lease ends, or {@link Long#MAX_VALUE}
 * @param mode what it wants; never changes
 * @param merge changes that wait may go as one delivery when they are JSON arrays
 * @param form how its deliveries look, a JSON object for the shell; null = as the origin's bytes
 */
public record SubscriptionOptions(
    String callback,
    String host,
    String secret,
    boolean strict,
    int maxInFlight,
    @Nullable String retrySchedule,
    long leaseUntil,
    Mode mode,
    boolean merge,
    @Nullable String form) {
  /** In the plain form. */
  public SubscriptionOptions(
      String callback,
      String host,
      String secret,
      boolean strict,
      int maxInFlight,
      @Nullable String retrySchedule,
      long leaseUntil,
      Mode mode,
      boolean merge) {
    this(callback, host, secret, strict, maxInFlight, retrySchedule, leaseUntil, mode, merge, null);
  }

  /** Of a subscription to values. */
  public SubscriptionOptions(
      String callback,
      String host,
      String secret,
      boolean strict,
      int maxInFlight,
      @Nullable String retrySchedule,
      long leaseUntil) {
    this(callback, host, secret, strict, maxInFlight, retrySchedule, leaseUntil, Mode.VALUE, false);
  }

  /** The registrable domain in a {@link #host}; all of it where there is none. */
  static String site(String host) {
    int space = host.indexOf(' ');
    return space < 0 ? host : host.substring(0, space);
  }

  public SubscriptionOptions withSecret(String other) {
    return new SubscriptionOptions(
        callback, host, other, strict, maxInFlight, retrySchedule, leaseUntil, mode, merge, form);
  }

  /** Whether all that a consumer can change is the same. */
  boolean chosenAs(SubscriptionOptions other) {
    return secret.equals(other.secret)
        && strict == other.strict
        && maxInFlight == other.maxInFlight
        && Objects.equals(retrySchedule, other.retrySchedule)
        && leaseUntil == other.leaseUntil
        && merge == other.merge
        && Objects.equals(form, other.form);
  }

  @Override
  public String toString() {
    return "SubscriptionOptions[" + host + "]";
  }
}
