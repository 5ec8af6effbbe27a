package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.livehook.Rule;
import io.livehook.guard.GuardList;
import io.livehook.guard.GuardPolicy;
import io.livehook.guard.SsrfCases;
import io.livehook.guard.SsrfCases.Case;
import io.livehook.guard.SsrfCases.Expected;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SSRF-34: the catalogue at every way in that there is: subscribing by form and JSON, delivery. */
class SsrfHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String URI = "https://o.test/ssrf";
  private static final GuardPolicy POLICY = GuardPolicy.STRICT.withHttp();

  /** Lets an address and a name pass, but not that name's address. */
  private static final GuardPolicy LAX =
      POLICY.withAllow(GuardList.parse("127.0.0.2,localhost,:*"));

  @RegisterExtension static final TestDatabase OTHER = TestDatabase.migrated();
  private static TestBroker broker;
  private static TestBroker lax;
  private static String consumer;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE, POLICY, POLICY);
    consumer = broker.key(Role.CONSUMER);
    broker.put(URI, broker.key(Role.ORIGIN), "x");
    lax = new TestBroker(OTHER, LAX, POLICY);
    lax.put(URI, lax.key(Role.ORIGIN), "x");
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
    lax.close();
  }

  static Stream<Case> refused() {
    return SsrfCases.all().filter(each -> each.expected() != Expected.N);
  }

  private static List<HttpResponse<String>> everyWayIn(TestBroker broker, String url)
      throws Exception {
    String consumer = broker.key(Role.CONSUMER);
    JsonObject named = new JsonObject().put("callback_uri", url);
    JsonObject otherwise = new JsonObject().put("target_url", url);
    String path = subscriptions(URI);
    return List.of(
        broker.subscribe(URI, consumer, "callback_uri=" + encoded(url)),
        broker.subscribe(URI, consumer, "hub.callback=" + encoded(url)),
        broker.post(path, consumer, "application/json", named.encode()),
        broker.post(path, consumer, "application/json", otherwise.encode()));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void ssrf34TheCatalogueIsRefusedWithOneVerdict(Case each) throws Exception {
    for (HttpResponse<String> answer : everyWayIn(broker, each.url())) {
      assertThat(answer.statusCode())
          .as(answer.body())
          .isEqualTo(each.expected() == Expected.P ? 400 : 422);
      assertThat(json(answer).getJsonArray("errors").getJsonObject(0).getString("code"))
          .isIn("callback", "missing");
    }
  }

  @Rule({"GAP-15", "SUB-9"})
  @Test
  void everyForbiddenPlaceIsRefusedInTheSameWords() throws Exception {
    // When
    Set<String> answers =
        SsrfCases.all()
            .filter(each -> each.expected() == Expected.L && !each.id().equals("SSRF-31"))
            .map(each -> broker.subscribe(URI, consumer, "callback_uri=" + encoded(each.url())))
            .map(answer -> json(answer).put("instance", "").encode())
            .collect(Collectors.toSet());
    String byItsAddresses =
        json(lax.subscribe(URI, lax.key(Role.CONSUMER), "callback_uri=http://localhost/"))
            .put("instance", "")
            .encode();

    // Then
    assertThat(answers).containsExactly(byItsAddresses);
  }

  @Test
  void ssrf19ANameWhoseAddressIsForbiddenIsRefusedWhenItIsResolved() throws Exception {
    for (HttpResponse<String> answer : everyWayIn(lax, "http://localhost/")) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    }
  }

  @Rule("GAP-15")
  @Test
  void ssrf23WhatIsForbiddenAtDeliveryIsRecordedAsBlockedAndNotConnectedTo() throws Exception {
    try (ServerSocket canary = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      // Given
      String callback = "callback_uri=http://127.0.0.2:" + canary.getLocalPort() + "/";
      assertThat(lax.subscribe(URI, lax.key(Role.CONSUMER), callback).statusCode()).isEqualTo(201);

      // When
      lax.put(URI, lax.key(Role.ORIGIN), "y");

      // Then
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(reasons()).containsExactly("blocked_address"));
      canary.setSoTimeout(1);
      assertThatThrownBy(canary::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static Set<String> reasons() throws SQLException {
    try (Connection connection = OTHER.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select distinct reason from attempt")) {
      Set<String> reasons = new TreeSet<>();
      while (rows.next()) {
        reasons.add(rows.getString(1));
      }
      return reasons;
    }
  }
}
