package io.livehook.subscription;

import io.livehook.delivery.CallbackCheck;
import io.livehook.delivery.Site;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardedUrl;
import io.livehook.guard.UrlFault;
import io.livehook.http.Fault;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.subscription.SubscriptionRows.Existing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a POST asks for (SUB-2): a callback, options, and in the JSON API the resource, with all its
 * faults. Pure.
 */
final class Wish {
  static final String CALLBACK = "callback_uri";
  static final String RESOURCE = "resource";
  private static final String MODE = "mode";

  /** Other platforms' names for it (standards.md §10). */
  private static final List<String> CALLBACK_NAMES =
      List.of(
          CALLBACK,
          "hub.callback",
          "target_url",
          "targetUrl",
          "target",
          "hookUrl",
          "url",
          "sink",
          "notificationUrl",
          "subscription_url");

  /** Known, and ignored: the URL names the resource. */
  private static final String EVENT = "event";

  private static final Set<String> COLLECTION = known(Set.of());
  private static final Set<String> API = known(Set.of(RESOURCE, MODE));

  private final CallbackCheck callbacks;
  private final Given given;
  private final Choice choice;
  private final List<Fault> forbidden = new ArrayList<>();
  private String callback = "";
  private @Nullable GuardedUrl url;

  private Wish(CallbackCheck callbacks, Given given) {
    this.callbacks = callbacks;
    this.given = given;
    if (given.readable()) {
      checkCallback();
    }
    this.choice = Choice.of(given);
  }

  private static Set<String> known(Set<String> further) {
    Set<String> known = new HashSet<>(CALLBACK_NAMES);
    known.addAll(Choice.FIELDS);
    known.add(EVENT);
    known.addAll(further);
    return known;
  }

  static Wish ofForm(CallbackCheck callbacks, byte[] body) {
    return new Wish(callbacks, Given.ofForm(body, COLLECTION));
  }

  static Wish ofJson(CallbackCheck callbacks, byte[] body) {
    return new Wish(callbacks, Given.ofJson(body, COLLECTION, Set.of()));
  }

  /** As the JSON API takes it: with the resource. */
  static Wish ofApi(CallbackCheck callbacks, byte[] body) {
    Wish wish = new Wish(callbacks, Given.ofJson(body, API, Set.of()));
    wish.checkMode();
    return wish;
  }

  // --- what is wrong ---

  private void checkCallback() {
    String name = CALLBACK;
    String chosen = null;
    for (String each : CALLBACK_NAMES) {
      String value = given.get(each);
      if (value == null) {
        continue;
      }
      if (chosen != null && !chosen.equals(value)) {
        given.fault(
            each, "conflict", each + " and " + name + " are two names of one field and differ");
      } else if (chosen == null) {
        chosen = value;
        name = each;
      }
    }
    if (chosen == null) {
      given.fault(
          CALLBACK, "missing", "callback_uri is the absolute URL that deliveries are sent to");
      return;
    }
    callback = chosen;
    switch (callbacks.check(chosen)) {
      case Guard.Passed(GuardedUrl passed) -> url = passed;
      case Guard.Refused refused -> refuse(name, refused);
    }
  }

  private void refuse(String name, Guard.Refused refused) {
    List<Fault> found = refused.malformed() ? given.faults() : forbidden;
    for (UrlFault each : refused.faults()) {
      found.add(given.at(name, "callback", name + " " + each.message()));
    }
  }

  private void checkMode() {
    String mode = given.get(MODE);
    if (mode != null && mode.equals("changes")) {
      given.fault(MODE, "unsupported", "changes are not served; subscribe the value");
    } else if (mode != null && !mode.equals("value")) {
      given.fault(MODE, "value", "mode is value");
    }
  }

  // --- what is asked for ---

  boolean readable() {
    return given.readable();
  }

  List<Fault> faults() {
    return given.faults();
  }

  /** Why nothing may be sent to the callback; told when nothing else is wrong. */
  List<Fault> forbidden() {
    return forbidden;
  }

  /** What is told when an address of the callback's name is forbidden: as for any other place. */
  Fault elsewhere() {
    return given.at(CALLBACK, "callback", CALLBACK + " " + Guard.PLACE);
  }

  /** The URI of the resource, where the URL does not say it; or null. */
  @Nullable String resource() {
    return given.get(RESOURCE);
  }

  /** The callback as the guard has it; there when nothing is wrong. */
  GuardedUrl url() {
    return Objects.requireNonNull(url, "refused");
  }

  String callback() {
    return callback;
  }

  Choice choice() {
    return choice;
  }

  /**
   * Options of a new subscription, or those of the one that exists with what is given changed.
   *
   * @param secret its keyring as it is stored
   */
  SubscriptionOptions options(String secret, @Nullable Existing existing) {
    Existing before =
        existing == null ? new Existing(secret, false, 1, null, Long.MAX_VALUE, null) : existing;
    return choice.from(
        new SubscriptionOptions(
            callback,
            Site.of(url()) + " " + url().origin(),
            secret,
            before.strict(),
            before.maxInFlight(),
            before.retrySchedule(),
            before.leaseUntil(),
            before.form()));
  }
}
