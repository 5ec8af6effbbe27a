package io.livehook.subscription;

import io.livehook.http.Fault;
import io.livehook.lane.SubscriptionOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a PATCH of a subscription asks for: options to change, or a hold by hand or its end, with
 * all its faults. A hold goes alone: it is a change of its own, and a PATCH is done whole or not at
 * all. Pure.
 */
final class Amendment {
  private static final String HOLD = "hold";

  /** What a subscription is, and not how it is served. */
  private static final Set<String> FIXED = Set.of("callback_uri", "resource", "mode");

  private final Given given;
  private final Choice choice;

  private Amendment(Given given) {
    this.given = given;
    this.choice = Choice.of(given);
  }

  static Amendment ofJson(byte[] body) {
    Set<String> known = new HashSet<>(Choice.FIELDS);
    known.add(HOLD);
    known.addAll(FIXED);
    Amendment amendment =
        new Amendment(
            Given.ofJson(body, known, Set.of(HOLD, Choice.MERGE), Set.of("retry_schedule")));
    amendment.check();
    return amendment;
  }

  private void check() {
    for (String name : given.names()) {
      if (FIXED.contains(name)) {
        given.fault(name, "fixed", name + " does not change: subscribe anew");
      }
    }
    boolean more =
        given.emptied("retry_schedule") || given.names().stream().anyMatch(Choice.FIELDS::contains);
    if (given.get(HOLD) != null && more) {
      given.fault(HOLD, "conflict", "hold is changed by itself, in a PATCH of its own");
    }
  }

  List<Fault> faults() {
    return given.faults();
  }

  /** What is wrong with it for this subscription: values are not merged. */
  List<Fault> faults(SubscriptionRow row) {
    return given.get(Choice.MERGE) == null || row.changes()
        ? List.of()
        : List.of(given.at(Choice.MERGE, "conflict", "only changes are merged"));
  }

  /** Held or not from now on; null = as it is. */
  @Nullable Boolean hold() {
    String hold = given.get(HOLD);
    return hold == null ? null : Boolean.valueOf(hold);
  }

  Choice choice() {
    return choice;
  }

  SubscriptionOptions from(SubscriptionOptions before) {
    return choice.from(before);
  }
}
