package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Canary secrets, and where they are never found (issue 4, point 5). */
class SecretsAtRestHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String ALL = "/api/v1/subscriptions";
  private static TestBroker broker;
  private static Mailbox mailbox;
  private static String origin;
  private static String consumer;
  private static String operator;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    mailbox = new Mailbox();
    origin = broker.key(Role.ORIGIN);
    consumer = broker.key(Role.CONSUMER);
    operator = broker.key(Role.OPERATOR);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
    mailbox.close();
  }

  private static HttpResponse<String> subscribe(String uri, String path, JsonObject options) {
    broker.put(uri, origin, "before");
    return broker.post(
        ALL,
        consumer,
        "application/json",
        options.put("resource", uri).put("callback_uri", mailbox.url(path)).encode());
  }

  /** Every row of every table, as text. */
  private static List<String> everyRow() throws Exception {
    List<String> tables = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "select relname from pg_class where relkind in ('r', 'p') and relnamespace ="
                  + " 'public'::regnamespace")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("select t::text from \"" + table + "\" t")) {
          while (row.next()) {
            rows.add(table + " " + row.getString(1));
          }
        }
      }
    }
    return rows;
  }

  @Test
  void aCanaryIsNowhereButInTheAnswersThatShowItOnce() throws Exception {
    // Given: everything that is logged from here on
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    ch.qos.logback.classic.Level level = root.getLevel();
    root.setLevel(ch.qos.logback.classic.Level.INFO);
    Logger own = (Logger) LoggerFactory.getLogger("io.livehook");
    own.setLevel(ch.qos.logback.classic.Level.TRACE);
    String given = "canary-given-secret";
    String rotated = "canary-rotated-secret";
    String patched = "canary-patched-secret";
    String header = "canary-header-value";
    String uri = "https://o.test/canary";

    // When: made, used, changed, rotated, refused, listed, looked at, ended
    HttpResponse<String> made =
        subscribe(
            uri,
            "/canary",
            new JsonObject()
                .put("secret", given)
                .put("signatures", "v1a,rfc9421")
                .put("headers", new JsonObject().put("X-Token", header)));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String id = json(made).getString("id");
    String one = ALL + "/" + id;
    List<String> answers = new ArrayList<>();
    broker.put(uri, origin, "v1");
    mailbox.await1("/canary", 1);
    HttpResponse<String> turned =
        broker.post(
            one + "/rotate",
            consumer,
            "application/json",
            new JsonObject().put("secret", rotated).encode());
    assertThat(turned.statusCode()).as(turned.body()).isEqualTo(200);
    broker.put(uri, origin, "v2");
    mailbox.await1("/canary", 2);
    answers.add(broker.patch(one, consumer, "{\"secret\":\"" + patched + "\"}").body());
    answers.add(broker.patch(one, consumer, "{\"secret\":\"" + patched + "\",\"order\":7}").body());
    answers.add(subscribe(uri, "/canary", new JsonObject().put("secret", patched)).body());
    answers.add(broker.patch(one, consumer, "{\"secret\":\"" + patched + "\u20ac\"}").body());
    answers.add(broker.patch(one, consumer, "{\"canary\":\"" + patched + "\"").body());
    for (String path :
        List.of(
            one,
            ALL,
            one + "/deliveries",
            "/acme/subscriptions/" + id,
            "/api/v1/audit",
            "/readyz")) {
      answers.add(broker.get(path, operator).body());
    }
    answers.add(broker.delete(one, consumer).body());
    root.detachAppender(logged);
    root.setLevel(level);
    own.setLevel(null);

    // Then
    assertThat(made.body()).contains(given);
    assertThat(turned.body()).contains(rotated);
    assertThat(turned.body()).doesNotContain(given).doesNotContain(header);
    for (String canary : List.of(given, rotated, patched, header)) {
      assertThat(answers).noneMatch(answer -> answer.contains(canary));
      assertThat(everyRow()).noneMatch(row -> row.contains(canary));
      assertThat(logged.list).noneMatch(event -> text(event).contains(canary));
    }
    assertThat(everyRow()).anyMatch(row -> row.startsWith("subscription ("));
    assertThat(broker.get("/api/v1/audit", operator).body()).contains("\"secret_changed\":true");
  }

  private static String text(ILoggingEvent event) {
    String thrown =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    return event.getFormattedMessage() + event.getKeyValuePairs() + thrown;
  }

  @Test
  void readersCannotTouchTheDataKeys() throws Exception {
    assertThat(
            MatrixScene.one(
                DATABASE,
                "select has_table_privilege(prepare_reader(), 'data_key', 'select')::text"))
        .isEqualTo("false");
  }

  @Test
  void whatWasStoredInTheClearIsEncryptedWhileTheBrokerRuns() throws Exception {
    // Given: three rows from before, and a broker that comes up on them
    String uri = "https://o.test/old";
    for (int i = 0; i < 3; i++) {
      assertThat(subscribe(uri + i, "/old" + i, new JsonObject()).statusCode()).isEqualTo(201);
    }
    DATABASE.execute(
        "update subscription s set secret = 'canary-old-secret-' || right(r.uri, 1) from resource r"
            + " where r.id = s.resource_id and r.uri like 'https://o.test/old%'");

    broker.close();
    broker = new TestBroker(DATABASE);

    // When
    int count = broker.sealing().runOnce().await(10, TimeUnit.SECONDS);

    // Then
    assertThat(count).isEqualTo(3);
    assertThat(broker.sealing().runOnce().await(10, TimeUnit.SECONDS)).isZero();
    assertThat(everyRow()).noneMatch(row -> row.contains("canary-old-secret"));
    for (int i = 0; i < 3; i++) {
      broker.put(uri + i, origin, "now");
      Mailbox.Letter letter = mailbox.await1("/old" + i, 1);
      assertThat(Verifiers.hook(letter, "canary-old-secret-" + i)).isTrue();
    }
  }
}
