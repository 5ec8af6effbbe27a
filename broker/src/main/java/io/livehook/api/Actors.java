package io.livehook.api;

import io.livehook.http.Exchange;
import io.livehook.security.Actor;

/** Who asks, for the audit. */
final class Actors {
  private Actors() {}

  static Actor of(Exchange exchange) {
    return new Actor(exchange.caller().name(), exchange.requestId());
  }
}
