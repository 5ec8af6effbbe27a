package io.livehook.api;

import io.livehook.http.Exchange;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /healthz}: the process runs. {@code /readyz}: it can take requests. Asks no database. */
final class Health {
  private final Supplier<Map<String, Boolean>> readiness;

  Health(Supplier<Map<String, Boolean>> readiness) {
    this.readiness = readiness;
  }

  void healthz(Exchange exchange) {
    exchange.json(200, new JsonObject().put("status", "ok"));
  }

  void readyz(Exchange exchange) {
    Map<String, Boolean> checks = readiness.get();
    boolean ready = !checks.containsValue(false);
    JsonObject told = new JsonObject();
    checks.forEach(told::put);
    exchange.json(
        ready ? 200 : 503,
        new JsonObject().put("status", ready ? "ready" : "not_ready").put("checks", told));
  }
}
