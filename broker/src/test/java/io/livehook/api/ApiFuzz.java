package io.livehook.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.fuzz.Fuzzed;
import io.livehook.fuzz.Parser;
import io.livehook.fuzz.Texts;
import io.livehook.platform.Ids;
import io.livehook.security.ApiKey;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** The JSON doors, keys, and ids of all kinds. */
public final class ApiFuzz {
  private static final String KEY =
      ApiKey.generate(ApiKey.Environment.DEV, new UUID(1, 2), new SecureRandom()).reveal();
  private static final Texts BODIES =
      new Texts(
          List.of("{", "}", "\"role\"", ":", "\"viewer\"", ",", "[", "]", "1e999999999", "true"),
          List.of("{\"role\":\"viewer\",\"label\":\"v\"}", "{\"a\":{\"b\":[1,2]}}"));
  private static final Texts KEYS =
      new Texts(List.of("lh_", "dev_", "live_", "0", "z"), List.of(KEY));
  private static final Texts IDS =
      new Texts(
          List.of("msg_", "dlv_", "sub_", "0", "z", "v", "-"),
          List.of(Ids.message(1L << 50), Ids.text(Ids.Kind.SUBSCRIPTION, new UUID(3, 4))));

  private ApiFuzz() {}

  public static List<Fuzzed> all() {
    return List.of(
        new Parser("json body", BODIES, ApiFuzz::json),
        new Parser("api key", KEYS, ApiFuzz::key),
        new Parser("ids", IDS, ApiFuzz::ids));
  }

  private static boolean json(String text) {
    JsonBody read = JsonBody.parse(text.getBytes(StandardCharsets.UTF_8), Set.of("role", "label"));
    if (read == null) {
      return false;
    }
    String role = read.text("role");
    String written = new JsonObject().put("role", role).encode();
    JsonBody again = JsonBody.parse(written.getBytes(StandardCharsets.UTF_8), Set.of("role"));
    assertThat(Objects.requireNonNull(again).text("role")).isEqualTo(role);
    return true;
  }

  private static boolean key(String text) {
    var read = ApiKey.parse(text);
    read.ifPresent(
        key ->
            assertThat(ApiKey.parse(key.reveal()).orElseThrow().reveal()).isEqualTo(key.reveal()));
    return read.isPresent();
  }

  private static boolean ids(String text) {
    var message = Ids.parseMessage(text);
    message.ifPresent(id -> assertThat(Ids.parseMessage(Ids.message(id))).hasValue(id));
    var subscription = Ids.parse(Ids.Kind.SUBSCRIPTION, text);
    subscription.ifPresent(
        id ->
            assertThat(Ids.parse(Ids.Kind.SUBSCRIPTION, Ids.text(Ids.Kind.SUBSCRIPTION, id)))
                .contains(id));
    boolean delivery = DeliveryId.parse(text).isPresent();
    return message.isPresent() || subscription.isPresent() || delivery;
  }
}
