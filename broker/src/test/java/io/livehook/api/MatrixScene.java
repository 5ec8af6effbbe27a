package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.platform.Ids;
import io.livehook.platform.TestDatabase;
import io.livehook.security.ApiKey;
import io.livehook.security.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a tenant has, for one row of the tenant matrix: or, unmade, ids of nothing. */
record MatrixScene(
    String tenant,
    String uri,
    String callback,
    String alias,
    String update,
    String delivery,
    String keyId,
    String tenantId) {
  /** Stands in every name that another tenant must not see. */
  static final String MARK = "matrix-mark";

  /** Behind the URI of a scene: that of its collection. */
  private static final String LIST = "/list";

  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final UUID NOBODY = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);

  /** Nothing of it exists; every id is well-formed. */
  static MatrixScene unknown(int number) {
    return new MatrixScene(
        "nobody",
        "https://o.test/unknown/" + number,
        "http://127.0.0.1:1/unknown/" + number,
        Ids.text(Ids.Kind.SUBSCRIPTION, NOBODY),
        Ids.message(1L << 40),
        new DeliveryId(1L << 40, 7).text(),
        Ids.text(Ids.Kind.KEY, NOBODY),
        Ids.text(Ids.Kind.TENANT, NOBODY));
  }

  static MatrixScene make(TestBroker broker, TestDatabase database, boolean dead) throws Exception {
    int number = COUNTER.incrementAndGet();
    String uri = "https://o.test/" + MARK + "/" + number;
    // The broker itself, which answers 404: nothing is ever delivered.
    String callback = "http://127.0.0.1:" + broker.port() + "/" + MARK + "/" + number;
    String origin = broker.key(Role.ORIGIN);
    String consumer = broker.key(Role.CONSUMER);
    broker.put(uri, origin, "before");
    String alias =
        json(broker.subscribe(
                uri, consumer, "callback_uri=" + encoded(callback) + "&retry_schedule=1"))
            .getString("alias");
    broker.post(
        TestBroker.resource(uri + LIST) + "/changes",
        origin,
        "application/json",
        "[]",
        "Changes-Id",
        "before");
    broker.post(
        TestBroker.resource(uri + LIST) + "/changes-subscriptions/",
        consumer,
        "application/x-www-form-urlencoded",
        "callback_uri=" + encoded(callback) + "&retry_schedule=1");
    long update = 1L << 40;
    long subscription = 7;
    if (dead) {
      broker.put(uri, origin, "never delivered");
      String found = deadLetter(database, uri);
      update = Long.parseLong(found.substring(0, found.indexOf(' ')));
      subscription = Long.parseLong(found.substring(found.indexOf(' ') + 1));
    }
    String spare = broker.key(Role.ORIGIN);
    String slug = MARK + "-" + number;
    UUID tenant = broker.accounts().createTenant(slug).orElseThrow();
    return new MatrixScene(
        "acme",
        uri,
        callback,
        alias,
        Ids.message(update),
        new DeliveryId(update, subscription).text(),
        ApiKey.parse(spare).orElseThrow().toString(),
        Ids.text(Ids.Kind.TENANT, tenant));
  }

  String list() {
    return uri + LIST;
  }

  private static String deadLetter(TestDatabase database, String uri) {
    String sql =
        "select d.update_id || ' ' || d.subscription_id from dead_letter d join subscription s"
            + " on s.id = d.subscription_id join resource r on r.id = s.resource_id where r.uri = '"
            + uri
            + "'";
    return await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(20))
        .until(() -> one(database, sql), found -> found != null);
  }

  /** Whatever somebody tried who may not: everything is as it was made. */
  void assertIntact(TestDatabase database) throws SQLException {
    String sql =
        """
        select concat_ws(' ',
          (select string_agg(s.status || ' ' || s.strict, ',') from subscription s where s.resource_id = r.id),
          (select count(*) from update_log u where u.resource_id = r.id
            and convert_from(u.body, 'UTF8') not in ('before', 'never delivered')),
          (select count(*) from retry w join subscription s on s.id = w.subscription_id
            where w.reason = 'redelivered' and s.resource_id = r.id),
          (select revoked_at is null from api_key where public_id = '%s'),
          (select deleting_at is null from tenant where public_id = '%s'))
          from resource r join tenant t on t.id = r.tenant_id where t.slug = '%s' and r.uri = '%s'
        """
            .formatted(
                Ids.parse(Ids.Kind.KEY, keyId).orElseThrow(),
                Ids.parse(Ids.Kind.TENANT, tenantId).orElseThrow(),
                tenant,
                uri);
    assertThat(one(database, sql)).isEqualTo("active false 0 0 t t");
  }

  static @Nullable String one(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
