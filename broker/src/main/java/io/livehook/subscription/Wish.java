package io.livehook.subscription;

import io.livehook.delivery.CallbackCheck;
import io.livehook.delivery.Site;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardedUrl;
import io.livehook.guard.UrlFault;
import io.livehook.http.Fault;
import io.livehook.lane.Mode;
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
  static final String URI = "uri";
  private static final String MODE = "mode";
  private static final Set<String> FLAGS = Set.of(Choice.MERGE);

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
  private static final Set<String> HOOKS = known(Set.of(URI));
  private static final Set<String> API = known(Set.of(RESOURCE, MODE));

  private final CallbackCheck callbacks;
  private final Given given;
  private final Choice choice;
  private final List<Fault> forbidden = new ArrayList<>();
  private String callback = "";
  private Mode mode;
  private @Nullable GuardedUrl url;

  private Wish(CallbackCheck callbacks, Mode mode, Given given) {
    this.callbacks = callbacks;
    this.mode = mode;
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

  static Wish ofForm(CallbackCheck callbacks, Mode mode, byte[] body) {
    return new Wish(callbacks, mode, Given.ofForm(body, COLLECTION)).checked();
  }

  static Wish ofJson(CallbackCheck callbacks, Mode mode, byte[] body) {
    return new Wish(callbacks, mode, Given.ofJson(body, COLLECTION, FLAGS)).checked();
  }

  /** As multiplex-callbacks takes it: with the URI of the resource (SUB-8). */
  static Wish ofHooks(CallbackCheck callbacks, boolean form, byte[] body) {
    return new Wish(
        callbacks, Mode.VALUE, form ? Given.ofForm(body, HOOKS) : Given.ofJson(body, HOOKS, FLAGS));
  }

  /** As the JSON API takes it: with the resource. */
  static Wish ofApi(CallbackCheck callbacks, byte[] body) {
    Wish wish = new Wish(callbacks, Mode.VALUE, Given.ofJson(body, API, FLAGS));
    wish.checkMode();
    return wish.checked();
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
    String wanted = given.get(MODE);
    if (wanted != null && !wanted.equals("value") && !wanted.equals("changes")) {
      given.fault(MODE, "value", "mode is value or changes");
    } else if (wanted != null) {
      mode = Mode.of(wanted);
    }
  }

  private Wish checked() {
    if (mode == Mode.VALUE && given.get(Choice.MERGE) != null) {
      given.fault(Choice.MERGE, "conflict", "only changes are merged");
    }
    return this;
  }

  /** Says which mode is meant, where it follows from the resource's URI. */
  Wish of(Mode meant) {
    mode = meant;
    return checked();
  }

  void fault(String name, String code, String message) {
    given.fault(name, code, message);
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

  Mode mode() {
    return mode;
  }

  /** What multiplex-callbacks calls the resource. */
  @Nullable String uri() {
    return given.get(URI);
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
        existing == null
            ? new Existing(secret, mode == Mode.CHANGES, 1, null, Long.MAX_VALUE, false, null)
            : existing;
    return choice.from(
        new SubscriptionOptions(
            callback,
            Site.of(url()) + " " + url().origin(),
            secret,
            before.strict(),
            before.maxInFlight(),
            before.retrySchedule(),
            before.leaseUntil(),
            mode,
            before.merge(),
            before.form()));
  }
}
