package io.livehook.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.platform.Ids;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Secret;
import io.livehook.platform.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** For how long what is known of a key is believed: by a clock that stands until it is moved. */
class CallersTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Vertx VERTX = Vertx.vertx();
  private static final Secret PEPPER = new Secret("a pepper for tests");
  private final AtomicLong nanos = new AtomicLong();
  private final Accounts accounts;
  private final Pool pool =
      PgBuilder.pool().connectingTo(DATABASE.url().connectOptions()).using(VERTX).build();
  private final KeyUses uses = new KeyUses(pool);
  private final ReadPool reads =
      ReadPool.open(VERTX, DATABASE.url().connectOptions(), Optional.empty());
  private final Callers callers = new Callers(reads, PEPPER, nanos::get, tenant -> {}, uses);

  CallersTest() throws Exception {
    accounts = Accounts.open(DATABASE.url(), Ids.ofThisHost(), PEPPER);
  }

  @AfterAll
  static void stop() throws Exception {
    VERTX.close().await(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void oneTenant() throws Exception {
    DATABASE.execute("truncate tenant cascade");
    assertThat(accounts.createTenant("acme")).isPresent();
  }

  @AfterEach
  void close() throws Exception {
    accounts.close();
    reads.close().await(5, TimeUnit.SECONDS);
    pool.close().await(5, TimeUnit.SECONDS);
  }

  private ApiKey key() throws Exception {
    KeyWish wish = new KeyWish(Role.CONSUMER, Scope.TENANT, "shop", null);
    return accounts.createKey(ApiKey.Environment.DEV, "acme", wish).orElseThrow();
  }

  private Optional<Caller> asked(ApiKey key) throws Exception {
    return callers.caller(key.reveal()).await(5, TimeUnit.SECONDS);
  }

  /** The clock stands: a database slower than the patience of one request has time to answer. */
  private void awaitNobody(ApiKey key) {
    await().atMost(Duration.ofSeconds(5)).until(() -> asked(key).isEmpty());
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aCallerIsKnownByItsKeyWithRoleAndLabel() throws Exception {
    Caller caller = asked(key()).orElseThrow();

    assertThat(caller.role()).isEqualTo(Role.CONSUMER);
    assertThat(caller.label()).isEqualTo("shop");
    assertThat(caller.tenant().slug()).isEqualTo("acme");
    assertThat(caller.everywhere()).isFalse();
  }

  @Test
  void whatIsKnownIsBelievedForLessThanASecondAndNoLonger() throws Exception {
    // Given
    ApiKey key = key();
    assertThat(asked(key)).isPresent();
    assertThat(accounts.revokeKey(key.id())).isTrue();

    // When, Then: it is not asked again yet, so that a request costs no question
    pass(Duration.ofMillis(399));
    Future<Optional<Caller>> known = callers.caller(key.reveal());
    assertThat(known.isComplete()).isTrue();
    assertThat(known.result()).isPresent();

    // When, Then: it has to be asked again
    pass(Duration.ofMillis(401));
    awaitNobody(key);
  }

  @Test
  void aKeyOfADeletedTenantAndOneWhoseTimeHasComeAreNobodys() throws Exception {
    // Given
    ApiKey expiring = key();
    ApiKey other = key();
    assertThat(asked(expiring)).isPresent();
    assertThat(asked(other)).isPresent();

    // When
    DATABASE.execute(
        "update api_key set expires_at = now() where public_id = '" + expiring.id() + "'");
    pass(Duration.ofSeconds(1));

    // Then
    awaitNobody(expiring);
    assertThat(asked(other)).isPresent();

    // When
    assertThat(accounts.deleteTenant("acme")).isTrue();
    pass(Duration.ofSeconds(1));

    // Then
    awaitNobody(other);
  }
}
