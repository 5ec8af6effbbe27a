package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What PostgreSQL itself shows a reader, whatever the broker's own checks would let through. */
class RowLevelSecurityTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Vertx VERTX = Vertx.vertx();

  /** Whose rows say to whom they belong. */
  private static final String OF_TENANTS =
      """
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
         and (c.relname = 'tenant' or exists (select 1 from pg_attribute a
           where a.attrelid = c.oid and a.attname in ('tenant_id', 'resource_id', 'subscription_id')))
       order by 1
      """;

  private static Pool owner;
  private static ReadPool reader;

  @BeforeAll
  static void fill() throws Exception {
    DATABASE.execute("select create_day((now() at time zone 'UTC')::date)");
    for (int tenant = 1; tenant <= 2; tenant++) {
      DATABASE.execute(rows(tenant));
    }
    owner = pool(DATABASE.url());
    Optional<String> role = ReaderRole.find(owner).await(10, TimeUnit.SECONDS);
    assertThat(role).isPresent();
    reader = ReadPool.open(VERTX, DATABASE.url().connectOptions(), role);
  }

  @AfterAll
  static void close() throws Exception {
    VERTX.close().await(10, TimeUnit.SECONDS);
  }

  private static Pool pool(DatabaseUrl url) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(1))
        .connectingTo(url.connectOptions())
        .using(VERTX)
        .build();
  }

  /** A row of tenant n in each table, all with the number n. */
  private static String[] rows(int n) {
    String today = "((extract(epoch from now()) * 1000)::bigint - 1735689600000 << 22) + " + n;
    return Stream.of(
            "insert into tenant (id, public_id, slug) overriding system value"
                + " values (%1$d, gen_random_uuid(), 't%1$d')",
            "insert into api_key (public_id, tenant_id, role, key_hash)"
                + " values (gen_random_uuid(), %1$d, 'viewer', '\\x0%1$d')",
            "insert into resource (id, public_id, tenant_id, uri, uri_hash, lane)"
                + " values (%1$d, gen_random_uuid(), %1$d, 'u%1$d', '\\x0%1$d', 0)",
            "insert into subscription (id, public_id, tenant_id, resource_id, lane, callback,"
                + " callback_hash, host, from_ver, from_sequence, secret) values (%1$d,"
                + " gen_random_uuid(), %1$d, %1$d, 0, 'c%1$d', '\\x0%1$d', 'h', 0, 0, 's%1$d')",
            "insert into update_log (id, resource_id, sub_ver, sequence, kind, body)"
                + " values ("
                + today
                + ", %1$d, 0, 1, 0, 'b%1$d')",
            "insert into resource_snapshot (resource_id, update_id, sequence, kind, body)"
                + " values (%1$d, 1, 1, 0, 'b%1$d')",
            "insert into attempt (update_id, subscription_id, number, at, duration, status, ended)"
                + " values ("
                + today
                + ", %1$d, 1, 0, 0, 200, true)",
            "insert into idempotency (resource_id, key, day, update_id, body_hash)"
                + " values (%1$d, 'k', (now() at time zone 'UTC')::date, 1, '')",
            "insert into behind (subscription_id, lane, since, reason)"
                + " values (%1$d, 0, 0, 'down')",
            "insert into retry (subscription_id, update_id, lane, attempts, next_at, reason)"
                + " values (%1$d, 1, 0, 1, now(), 'r')",
            "insert into dead_letter (subscription_id, update_id, attempts, reason)"
                + " values (%1$d, 1, 1, 'r')",
            "insert into gap (subscription_id, from_id, to_id, deliveries, reason)"
                + " values (%1$d, 0, 1, 1, 'r')",
            "insert into subscription_count (subscription_id, through_id, delivered)"
                + " values (%1$d, 1, 1)",
            "insert into audit (chain, tenant_id, actor, action, subject, request_id)"
                + " values ('tenant/%1$d', %1$d, 'a', 'b', 'c', 'd')")
        .map(sql -> sql.formatted(n))
        .toArray(String[]::new);
  }

  static List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    TestDatabase any = TestDatabase.migrated().create();
    try (any;
        Connection connection = any.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OF_TENANTS)) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }

  private static String owners(String table) {
    String column =
        switch (table) {
          case "tenant" -> "id";
          case "api_key", "resource", "subscription", "audit" -> "tenant_id";
          case "update_log", "resource_snapshot", "idempotency" -> "resource_id";
          default -> "subscription_id";
        };
    return "select " + column + "::int8 as owner from " + table;
  }

  private static List<Long> owners(Future<RowSet<Row>> asked) throws Exception {
    List<Long> owners = new ArrayList<>();
    asked.await(10, TimeUnit.SECONDS).forEach(row -> owners.add(row.getLong("owner")));
    return owners;
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aReaderBoundToATenantSeesItsRowsAndNoOthers(String table) throws Exception {
    String all = owners(table);

    assertThat(owners(reader.query(1, all, Tuple.tuple()))).containsExactly(1L);
    assertThat(owners(reader.query(2, all, Tuple.tuple()))).containsExactly(2L);
    assertThat(owners(reader.query(3, all, Tuple.tuple()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aReaderThatAsksForNamesSeesTenantsOnly(String table) throws Exception {
    List<Long> seen = owners(reader.queryNames(owners(table), Tuple.tuple()));

    if (table.equals("tenant")) {
      assertThat(seen).containsExactlyInAnyOrder(1L, 2L);
    } else {
      assertThat(seen).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void theOwnerOfTheTablesSeesEverything(String table) throws Exception {
    assertThat(owners(owner.preparedQuery(owners(table)).execute()))
        .containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aReaderHasNoWayAroundAndChangesNothing() {
    for (String sql :
        List.of(
            "select * from audit_chain",
            "select * from lane",
            "select * from owner",
            "select * from node",
            "select * from flyway_schema_history",
            "insert into dead_letter (subscription_id, update_id, attempts, reason) values (1, 2,"
                + " 1, 'r')",
            "update subscription set secret = 'x'",
            "delete from api_key")) {
      assertThatThrownBy(() -> reader.query(1, sql, Tuple.tuple()).await(10, TimeUnit.SECONDS))
          .as(sql)
          .isInstanceOf(PgException.class)
          .hasMessageMatching("(?s).*(permission denied|read-only transaction).*");
    }
  }

  @Test
  void aPartitionIsNoWayAround() throws Exception {
    String partition =
        reader
            .query(
                1,
                "select inhrelid::regclass::text as name from pg_inherits"
                    + " where inhparent = 'update_log'::regclass",
                Tuple.tuple())
            .await(10, TimeUnit.SECONDS)
            .iterator()
            .next()
            .getString("name");

    assertThatThrownBy(
            () ->
                reader
                    .query(1, "select * from " + partition, Tuple.tuple())
                    .await(10, TimeUnit.SECONDS))
        .hasMessageContaining("permission denied");
  }

  @Test
  void anOwnerThatMayMakeRolesHasAReaderAndOneThatMayNotIsTold() throws Exception {
    // Given: two users that own their schema and are no superusers
    for (boolean mayMakeRoles : List.of(true, false)) {
      String user = "livehook_test_owner_" + ProcessHandle.current().pid() + mayMakeRoles;
      try (TestDatabase own = TestDatabase.empty().create()) {
        own.execute(
            "create role %s login password 'test' %s"
                .formatted(user, mayMakeRoles ? "createrole" : "nocreaterole"),
            "alter database %s owner to %s".formatted(own.url().database(), user),
            "alter schema public owner to " + user);
        DatabaseUrl url = withUser(own.url(), user);

        // When
        int steps = new Migrations(url).migrate();
        Pool pool = pool(url);
        Optional<String> role = ReaderRole.find(pool).await(10, TimeUnit.SECONDS);

        // Then
        assertThat(steps).isPositive();
        assertThat(role).isEqualTo(mayMakeRoles ? Optional.of(user + "_reader") : Optional.empty());
        if (mayMakeRoles) {
          own.execute("set role " + user, rows(1)[0], "reset role");
          ReadPool reads = ReadPool.open(VERTX, url.connectOptions(), role);
          assertThat(owners(reads.query(1, owners("tenant"), Tuple.tuple()))).containsExactly(1L);
          assertThat(owners(reads.query(2, owners("tenant"), Tuple.tuple()))).isEmpty();
          reads.close().await(10, TimeUnit.SECONDS);
        }
        pool.close().await(10, TimeUnit.SECONDS);
      } finally {
        TestServer.shared()
            .execute("drop role if exists \"" + user + "_reader\"", "drop role if exists " + user);
      }
    }
  }

  private static DatabaseUrl withUser(DatabaseUrl url, String user) {
    return new DatabaseUrl(
        url.host(), url.port(), url.database(), user, new Secret("test"), url.parameters());
  }
}
