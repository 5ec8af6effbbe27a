package io.livehook.subscription;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.livehook.delivery.CallbackCheck;
import io.livehook.delivery.Site;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardedUrl;
import io.livehook.guard.UrlFault;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.outcome.RetrySchedule;
import io.livehook.security.SigningSecret;
import io.livehook.subscription.SubscriptionRows.Existing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a POST to a collection asks for (SUB-2), read from a form or a JSON object with all its
 * faults. Pure.
 */
final class Wish {
  static final String CALLBACK = "callback_uri";

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

  private static final Set<String> OPTIONS =
      Set.of("secret", "order", "max_in_flight", "retry_schedule");

  /** Known, and ignored: the URL names the resource. */
  private static final String EVENT = "event";

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final int MOST_IN_FLIGHT = 100;
  private static final int SHORTEST_SECRET = 8;
  private static final int LONGEST_SECRET = 200;

  private final CallbackCheck callbacks;
  private final String place;
  private final Map<String, String> given = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<Fault> forbidden = new ArrayList<>();
  private String callback = "";
  private @Nullable GuardedUrl url;
  private @Nullable Integer maxInFlight;

  private Wish(CallbackCheck callbacks, String place) {
    this.callbacks = callbacks;
    this.place = place;
  }

  static Wish ofForm(CallbackCheck callbacks, byte[] body) {
    Wish wish = new Wish(callbacks, "");
    String text = text(body);
    if (text == null) {
      wish.fault("", "malformed", "the form is not UTF-8");
      return wish;
    }
    Fields fields = Fields.parse("", text);
    wish.faults.addAll(fields.faults(known()));
    for (String name : fields.names()) {
      wish.given.put(name, String.valueOf(fields.get(name)));
    }
    wish.check();
    return wish;
  }

  private static @Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException malformed) {
      return null;
    }
  }

  static Wish ofJson(CallbackCheck callbacks, byte[] body) {
    Wish wish = new Wish(callbacks, "/");
    try (JsonParser parser = JSON.createParser(body)) {
      wish.object(parser);
      wish.check();
    } catch (IOException malformed) {
      wish.faults.clear();
      wish.fault("", "malformed", "not a JSON object, or a field is repeated");
    }
    return wish;
  }

  private void object(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("no object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!known().contains(name)) {
        fault(name, "unknown", "not a field that is known here: " + name);
        parser.skipChildren();
      } else if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
        given.put(name, parser.getText());
      } else {
        fault(name, "type", name + " is a string or a whole number");
        given.put(name, "");
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new IOException("more than one value");
    }
  }

  private static Set<String> known() {
    Set<String> known = new java.util.HashSet<>(CALLBACK_NAMES);
    known.addAll(OPTIONS);
    known.add(EVENT);
    return known;
  }

  // --- what is wrong ---

  private void check() {
    checkCallback();
    checkOrder();
    checkMaxInFlight();
    checkRetrySchedule();
    checkSecret();
  }

  private void checkCallback() {
    String name = CALLBACK;
    String chosen = null;
    for (String each : CALLBACK_NAMES) {
      String value = given.get(each);
      if (value == null) {
        continue;
      }
      if (chosen != null && !chosen.equals(value)) {
        fault(each, "conflict", each + " and " + name + " are two names of one field and differ");
      } else if (chosen == null) {
        chosen = value;
        name = each;
      }
    }
    if (chosen == null) {
      fault(CALLBACK, "missing", "callback_uri is the absolute URL that deliveries are sent to");
      return;
    }
    callback = chosen;
    switch (callbacks.check(chosen)) {
      case Guard.Passed(GuardedUrl passed) -> url = passed;
      case Guard.Refused refused -> refuse(name, refused);
    }
  }

  private void refuse(String name, Guard.Refused refused) {
    List<Fault> found = refused.malformed() ? faults : forbidden;
    for (UrlFault each : refused.faults()) {
      found.add(new Fault(place + name, "callback", name + " " + each.message()));
    }
  }

  private void checkOrder() {
    String order = given.get("order");
    if (order != null && !order.equals("none") && !order.equals("strict")) {
      fault("order", "value", "order is none or strict");
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
      fault("max_in_flight", "value", "max_in_flight is a number from 1 to " + MOST_IN_FLIGHT);
    }
  }

  private void checkRetrySchedule() {
    String schedule = given.get("retry_schedule");
    if (schedule != null) {
      try {
        RetrySchedule parsed = RetrySchedule.parse(schedule);
        given.put("retry_schedule", text(parsed));
      } catch (IllegalArgumentException wrong) {
        fault("retry_schedule", "value", "retry_schedule " + wrong.getMessage());
      }
    }
  }

  private static String text(RetrySchedule schedule) {
    return schedule.pauses().stream()
        .map(pause -> Long.toString(pause.toSeconds()))
        .collect(java.util.stream.Collectors.joining(","));
  }

  private void checkSecret() {
    String secret = given.get("secret");
    if (secret == null) {
      return;
    }
    if (secret.length() < SHORTEST_SECRET
        || secret.length() > LONGEST_SECRET
        || secret.chars().anyMatch(each -> each < ' ' || each > '~')) {
      fault(
          "secret",
          "value",
          "a secret is %d to %d characters of printable ASCII"
              .formatted(SHORTEST_SECRET, LONGEST_SECRET));
    } else if (secret.startsWith(SigningSecret.PREFIX) && !decodes(secret)) {
      fault("secret", "value", "after whsec_ come 24 to 64 bytes as standard base64");
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

  private void fault(String name, String code, String message) {
    faults.add(new Fault(place + name, code, message));
  }

  // --- what is asked for ---

  List<Fault> faults() {
    return faults;
  }

  /** Why nothing may be sent to the callback; told when nothing else is wrong. */
  List<Fault> forbidden() {
    return forbidden;
  }

  /** What is told when an address of the callback's name is forbidden: as for any other place. */
  Fault elsewhere() {
    return new Fault(place + CALLBACK, "callback", CALLBACK + " " + Guard.PLACE);
  }

  /** The callback as the guard has it; there when nothing is wrong. */
  GuardedUrl url() {
    return Objects.requireNonNull(url, "refused");
  }

  String callback() {
    return callback;
  }

  /** The secret that was given, or null. */
  @Nullable String secret() {
    return given.get("secret");
  }

  /** Options of a new subscription, or those of the one that exists with what is given changed. */
  SubscriptionOptions options(String newSecret, @Nullable Existing existing) {
    String order = given.get("order");
    String schedule = given.get("retry_schedule");
    Integer most = maxInFlight;
    Existing before =
        existing == null ? new Existing(newSecret, false, 1, null, Long.MAX_VALUE) : existing;
    String secret = secret();
    return new SubscriptionOptions(
        callback,
        Site.of(url()) + " " + url().origin(),
        secret == null ? before.secret() : secret,
        order == null ? before.strict() : order.equals("strict"),
        most == null ? before.maxInFlight() : most,
        schedule == null ? before.retrySchedule() : schedule,
        before.leaseUntil());
  }
}
