package io.livehook.subscription;

import io.livehook.lane.SubscriptionOptions;
import io.livehook.outcome.RetrySchedule;
import io.livehook.security.SigningSecret;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options that a request chooses for a subscription, checked; the rest stays. Pure. */
final class Choice {
  static final String MERGE = "merge";
  static final Set<String> FIELDS =
      Set.of("secret", "order", "max_in_flight", "retry_schedule", MERGE);

  private static final int MOST_IN_FLIGHT = 100;
  private static final int SHORTEST_SECRET = 8;
  private static final int LONGEST_SECRET = 200;

  private final Given given;
  private @Nullable Integer maxInFlight;

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
    if (secret == null) {
      return;
    }
    if (secret.length() < SHORTEST_SECRET
        || secret.length() > LONGEST_SECRET
        || secret.chars().anyMatch(each -> each < ' ' || each > '~')) {
      given.fault(
          "secret",
          "value",
          "a secret is %d to %d characters of printable ASCII"
              .formatted(SHORTEST_SECRET, LONGEST_SECRET));
    } else if (secret.startsWith(SigningSecret.PREFIX) && !decodes(secret)) {
      given.fault("secret", "value", "after whsec_ come 24 to 64 bytes as standard base64");
    }
  }

  private void checkMerge() {
    String merge = given.get(MERGE);
    if (merge != null && !merge.equals("true") && !merge.equals("false")) {
      given.fault(MERGE, "value", "merge is true or false");
    }
  }

  private static boolean decodes(String secret) {
    try {
      int bytes =
          Base64.getDecoder().decode(secret.substring(SigningSecret.PREFIX.length())).length;
      return bytes >= 24 && bytes <= 64;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** The secret that was given, or null. */
  @Nullable String secret() {
    return given.get("secret");
  }

  /** What was before, with what is chosen changed. */
  SubscriptionOptions from(SubscriptionOptions before) {
    String order = given.get("order");
    String schedule = given.get("retry_schedule");
    String secret = secret();
    Integer most = maxInFlight;
    String merge = given.get(MERGE);
    return new SubscriptionOptions(
        before.callback(),
        before.host(),
        secret == null ? before.secret() : secret,
        order == null ? before.strict() : order.equals("strict"),
        most == null ? before.maxInFlight() : most,
        given.emptied("retry_schedule")
            ? null
            : schedule == null ? before.retrySchedule() : schedule,
        before.leaseUntil(),
        before.mode(),
        merge == null ? before.merge() : merge.equals("true"));
  }
}
