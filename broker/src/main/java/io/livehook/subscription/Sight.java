package io.livehook.subscription;

import io.livehook.http.Exchange;
import io.livehook.security.Role;
import org.jspecify.annotations.Nullable;

/**
 * Which subscriptions a caller sees: those of the tenant it acts in, and, with a consumer's key,
 * only those made under its label.
 *
 * @param label under which it subscribes
 * @param only the label that it is kept to, or null
 */
public record Sight(long tenant, String label, @Nullable String only) {
  public static Sight of(Exchange exchange) {
    String label = exchange.caller().label();
    boolean kept = exchange.caller().role() == Role.CONSUMER;
    return new Sight(exchange.tenant().id(), label, kept ? label : null);
  }
}
