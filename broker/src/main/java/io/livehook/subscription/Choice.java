package io.livehook.subscription;

import io.livehook.delivery.DeliveryForm;
import io.livehook.delivery.Payload;
import io.livehook.delivery.Scheme;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.outcome.RetrySchedule;
import io.livehook.platform.Secret;
import io.livehook.security.Keyring;
import io.livehook.security.SigningPair;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options that a request chooses for a subscription, checked; the rest stays. Pure. */
final class Choice {
  static final String MERGE = "merge";
  static final Set<String> FIELDS =
      Set.of(
          "secret",
          "order",
          "max_in_flight",
          "retry_schedule",
          MERGE,
          "payload",
          "signatures",
          "headers");

  private static final int MOST_IN_FLIGHT = 100;

  private final Given given;
  private @Nullable Integer maxInFlight;
  private @Nullable Payload payload;
  private @Nullable Set<Scheme> signatures;

  private Choice(Given given) {
    this.given = given;
  }

  /** Reads the options among the fields; what is wrong with them becomes their faults. */
  static Choice of(Given given) {
    Choice choice = new Choice(given);
    choice.checkOrder();
    choice.checkMaxInFlight();
    choice.checkRetrySchedule();
    choice.checkSecret();
    choice.checkPayload();
    choice.checkSignatures();
    OwnHeaders.check(given);
    choice.checkMerge();
    return choice;
  }

  private void checkOrder() {
    String order = given.get("order");
    if (order != null && !order.equals("none") && !order.equals("strict")) {
      given.fault("order", "value", "order is none or strict");
    }
  }

  private void checkMaxInFlight() {
    String text = given.get("max_in_flight");
    if (text == null) {
      return;
    }
    if (text.matches("[0-9]{1,3}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= MOST_IN_FLIGHT) {
      maxInFlight = Integer.parseInt(text);
    } else {
      given.fault(
          "max_in_flight", "value", "max_in_flight is a number from 1 to " + MOST_IN_FLIGHT);
    }
  }

  private void checkRetrySchedule() {
    String schedule = given.get("retry_schedule");
    if (schedule != null) {
      try {
        given.set("retry_schedule", text(RetrySchedule.parse(schedule)));
      } catch (IllegalArgumentException wrong) {
        given.fault("retry_schedule", "value", "retry_schedule " + wrong.getMessage());
      }
    }
  }

  private static String text(RetrySchedule schedule) {
    return schedule.pauses().stream()
        .map(pause -> Long.toString(pause.toSeconds()))
        .collect(Collectors.joining(","));
  }

  private void checkSecret() {
    String secret = given.get("secret");
    String fault = secret == null ? null : SecretText.fault(secret);
    if (fault != null) {
      given.fault("secret", "value", fault);
    }
  }

  private void checkMerge() {
    String merge = given.get(MERGE);
    if (merge != null && !merge.equals("true") && !merge.equals("false")) {
      given.fault(MERGE, "value", "merge is true or false");
    }
  }

  private void checkPayload() {
    String text = given.get("payload");
    if (text != null) {
      payload = Payload.of(text);
      if (payload == null) {
        given.fault(
            "payload", "value", "payload is one of " + labels(Payload.values(), Payload::label));
      }
    }
  }

  /** Their names, separated by spaces or commas; empty = none beside the usual ones. */
  private void checkSignatures() {
    String text = given.get("signatures");
    if (text == null) {
      return;
    }
    Set<Scheme> chosen = EnumSet.noneOf(Scheme.class);
    for (String each : text.split("[,\\s]+", -1)) {
      Scheme scheme = Scheme.of(each);
      if (scheme != null) {
        chosen.add(scheme);
      } else if (!each.isEmpty()) {
        given.fault(
            "signatures",
            "value",
            "signatures are some of " + labels(Scheme.values(), Scheme::label));
        return;
      }
    }
    signatures = chosen;
  }

  private static <T> String labels(T[] values, Function<T, String> label) {
    return Arrays.stream(values).map(label).collect(Collectors.joining(", "));
  }

  /** The secret that was given, or null. */
  private @Nullable Secret secret() {
    String secret = given.get("secret");
    return secret == null ? null : new Secret(secret);
  }

  // --- what becomes of it ---

  private DeliveryForm form(DeliveryForm before) {
    Payload style = payload;
    Set<Scheme> schemes = signatures;
    return new DeliveryForm(
        style == null ? before.payload() : style, schemes == null ? before.signatures() : schemes);
  }

  /** Whether the keyring becomes another one. */
  boolean touchesKeys(DeliveryForm before) {
    return given.get("secret") != null
        || given.object("headers") != null
        || asymmetric(before) != asymmetric(form(before));
  }

  private static boolean asymmetric(DeliveryForm form) {
    return form.signatures().contains(Scheme.V1A);
  }

  /** The keyring before, with what is chosen changed. */
  Keyring keyring(Keyring before, DeliveryForm form, RandomGenerator random) {
    Keyring ring = before;
    Secret secret = secret();
    if (secret != null) {
      ring = ring.with(secret);
    }
    boolean pair = asymmetric(form(form));
    if (pair != (ring.current().seed() != null)) {
      ring = ring.withSeed(pair ? SigningPair.newSeed(random) : null);
    }
    Map<String, Secret> headers = given.object("headers");
    return headers == null ? ring : ring.withHeaders(headers);
  }

  /** What was before, with what is chosen changed; the secrets stay. */
  SubscriptionOptions from(SubscriptionOptions before) {
    String order = given.get("order");
    String schedule = given.get("retry_schedule");
    Integer most = maxInFlight;
    String merge = given.get(MERGE);
    return new SubscriptionOptions(
        before.callback(),
        before.host(),
        before.secret(),
        order == null ? before.strict() : order.equals("strict"),
        most == null ? before.maxInFlight() : most,
        given.emptied("retry_schedule")
            ? null
            : schedule == null ? before.retrySchedule() : schedule,
        before.leaseUntil(),
        before.mode(),
        merge == null ? before.merge() : merge.equals("true"),
        form(DeliveryForm.parse(before.form())).text());
  }
}
