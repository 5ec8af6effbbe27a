package io.livehook.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.MasterKeySource;
import io.livehook.platform.Secret;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Keyring;
import io.livehook.security.Vault;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rotation of the master key, while brokers run. */
class SecretVerbsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Vertx VERTX = Vertx.vertx();
  private static final String OLD = key(1);
  private static final String NEW = key(2);

  private record Run(int exit, String out, String err) {}

  @AfterAll
  static void close() throws Exception {
    VERTX.close().await(5, TimeUnit.SECONDS);
  }

  private static String key(int fill) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Run rewrap(String keys) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Livehook.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "secrets",
            "rewrap",
            "--set",
            "database.url=" + DATABASE.url().reveal(),
            "--set",
            "master.key=" + keys);
    return new Run(exit, out.toString(), err.toString());
  }

  private static Vault vault(Pool pool, String keys) throws Exception {
    Vault vault = new Vault(VERTX, pool, MasterKeySource.of(new Secret(keys)));
    vault.loadMasters().await(5, TimeUnit.SECONDS);
    return vault;
  }

  private static String opened(Vault vault, String stored, Vault.Place place) throws Exception {
    return vault.open(stored, place).await(5, TimeUnit.SECONDS).current().secret().reveal();
  }

  @Test
  void theMasterKeyIsRotatedWithoutTouchingASecret() throws Exception {
    // Given: two tenants with secrets under the old key, and a broker that runs
    DATABASE.execute(
        "insert into tenant (public_id, slug) values (gen_random_uuid(), 'a'), (gen_random_uuid(),"
            + " 'b')");
    Pool pool = PgBuilder.pool().connectingTo(DATABASE.url().connectOptions()).using(VERTX).build();
    Vault running = vault(pool, OLD);
    Vault.Place a = new Vault.Place(1, "u", "", "c");
    Vault.Place b = new Vault.Place(2, "u", "", "c");
    String ofA = running.seal(a, Keyring.of(new Secret("secret of a"))).await(5, TimeUnit.SECONDS);
    String ofB = running.seal(b, Keyring.of(new Secret("secret of b"))).await(5, TimeUnit.SECONDS);

    // When: without the old key nothing is done
    Run unknown = rewrap(NEW);
    Run done = rewrap(NEW + "," + OLD);
    Run again = rewrap(NEW);

    // Then
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("data key 1: master key", "not among those that are set");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out()).contains("2 data keys wrapped").doesNotContain(NEW).doesNotContain(OLD);
    assertThat(again.out()).contains("0 data keys wrapped");
    assertThat(opened(running, ofA, a)).isEqualTo("secret of a");
    assertThat(opened(vault(pool, NEW), ofA, a)).isEqualTo("secret of a");
    assertThat(opened(vault(pool, NEW), ofB, b)).isEqualTo("secret of b");
    assertThat(running.seal(a, Keyring.of(new Secret("next"))).await(5, TimeUnit.SECONDS))
        .isNotBlank();
    Run audit = audit();
    assertThat(audit.exit()).as(audit.err()).isZero();
    assertThat(audit.out()).contains("2 rows in 2 chains, 0 faults");
  }

  private static Run audit() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Livehook.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "audit",
            "verify",
            "--set",
            "database.url=" + DATABASE.url().reveal());
    return new Run(exit, out.toString(), err.toString());
  }
}
