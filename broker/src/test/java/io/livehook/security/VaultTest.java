package io.livehook.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.livehook.platform.MasterKeySource;
import io.livehook.platform.Secret;
import io.livehook.platform.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Secrets at rest: envelope encryption, and what cannot be done with what is stored. */
class VaultTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Vertx VERTX = Vertx.vertx();
  private static final String CANARY = "whsec_" + masterKey(77);
  private static final Vault.Place PLACE =
      new Vault.Place(1, "https://o.test/a", "shop", "https://c.test/in");
  private static Pool pool;

  @TempDir static Path dir;

  @BeforeAll
  static void prepare() {
    DATABASE.execute(
        "insert into tenant (public_id, slug) values (gen_random_uuid(), 'one'),"
            + " (gen_random_uuid(), 'two')");
    pool = PgBuilder.pool().connectingTo(DATABASE.url().connectOptions()).using(VERTX).build();
  }

  @AfterAll
  static void close() throws Exception {
    VERTX.close().await(5, TimeUnit.SECONDS);
  }

  private static String masterKey(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Vault vault(MasterKeySource source) throws Exception {
    Vault vault = new Vault(VERTX, pool, source);
    vault.loadMasters().await(5, TimeUnit.SECONDS);
    return vault;
  }

  private static Vault vault() throws Exception {
    return vault(MasterKeySource.of(new Secret(masterKey(1))));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.await(5, TimeUnit.SECONDS);
  }

  private static Keyring ring() {
    return Keyring.of(new Secret(CANARY))
        .withSeed(SigningPair.newSeed(new Random(3)))
        .withHeaders(Map.of("Authorization", new Secret("Bearer canary-of-a-header")));
  }

  @Test
  void aKeyringComesBackWholeAlsoFromAnotherNode() throws Exception {
    // Given
    Keyring rotated =
        ring().rotated(new Keyring.Keys(new Secret("the next secret"), null), 1_000, 5_000);
    String stored = get(vault().seal(PLACE, rotated));

    // When
    Keyring opened = get(vault().open(stored, PLACE));

    // Then
    assertThat(opened.current().secret().reveal()).isEqualTo("the next secret");
    assertThat(Objects.requireNonNull(opened.previous(4_999)).secret().reveal()).isEqualTo(CANARY);
    assertThat(opened.previous(5_000)).isNull();
    assertThat(Objects.requireNonNull(opened.headers().get("authorization")).reveal())
        .isEqualTo("Bearer canary-of-a-header");
  }

  @Test
  void whatIsStoredShowsOnlyWhatEverybodyMaySee() throws Exception {
    // When
    String stored = get(vault().seal(PLACE, ring()));

    // Then
    String whole =
        stored + new String(Base64.getUrlDecoder().decode(stored.split("\\.")[2]), "ISO-8859-1");
    assertThat(whole).doesNotContain(CANARY.substring(6, 20)).doesNotContain("canary-of-a-header");
    assertThat(new JsonObject(SealedText.shown(stored)).fieldNames())
        .containsExactlyInAnyOrder("public_key", "headers");
    assertThat(stored).isNotEqualTo(get(vault().seal(PLACE, ring())));
  }

  @Test
  void putAnywhereElseItDoesNotOpen() throws Exception {
    // Given
    Vault vault = vault();
    String stored = get(vault.seal(PLACE, ring()));

    for (Vault.Place other :
        new Vault.Place[] {
          new Vault.Place(1, "https://o.test/b", "shop", "https://c.test/in"),
          new Vault.Place(1, "https://o.test/a", "", "https://c.test/in"),
          new Vault.Place(1, "https://o.test/a", "shop", "https://evil.test/in"),
          new Vault.Place(2, "https://o.test/a", "shop", "https://c.test/in")
        }) {
      assertThatThrownBy(() -> get(vault().open(stored, other))).as(other.toString()).isNotNull();
      assertThat(vault.openNow(stored, other)).isNull();
    }
  }

  @Test
  void aChangedTextDoesNotOpen() throws Exception {
    // Given: what everybody sees is bound as well
    String stored = get(vault().seal(PLACE, ring()));
    String[] parts = stored.split("\\.");
    String other = Base64.getUrlEncoder().withoutPadding().encodeToString("{}".getBytes("UTF-8"));

    assertThatThrownBy(
            () -> get(vault().open(String.join(".", parts[0], parts[1], parts[2], other), PLACE)))
        .isNotNull();
  }

  @Test
  void theDatabaseAloneOpensNothing() throws Exception {
    // Given
    String stored = get(vault().seal(PLACE, ring()));

    assertThatThrownBy(
            () -> get(vault(MasterKeySource.of(new Secret(masterKey(2)))).open(stored, PLACE)))
        .hasMessageContaining("is not among those that are set");
  }

  @Test
  void aMasterKeyThatIsAddedToTheFileNeedsNoRestart() throws Exception {
    // Given: a node that knows the old key only
    Path file = Files.writeString(dir.resolve("keys"), masterKey(1) + "\n");
    Vault running = vault(MasterKeySource.of(file));
    Vault.Place place = new Vault.Place(2, "https://o.test/a", "", "https://c.test/in");
    Files.writeString(file, masterKey(9) + "\n" + masterKey(1) + "\n");
    String stored = get(vault(MasterKeySource.of(file)).seal(place, ring()));
    assertThat(master(2)).isNotEqualTo(MasterKeys.parse(new Secret(masterKey(1))).current());

    // When
    Keyring opened = get(running.open(stored, place));

    // Then
    assertThat(opened.current().secret().reveal()).isEqualTo(CANARY);
  }

  private static String master(long tenant) throws Exception {
    try (var connection = DATABASE.connect();
        var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select master from data_key where tenant = " + tenant)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @Test
  void aCommandMayPrintTheMasterKey() throws Exception {
    // Given
    Path file = Files.writeString(dir.resolve("printed"), masterKey(1));
    MasterKeySource source =
        new MasterKeySource(
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.of("cat '" + file + "'"));

    // When
    String stored = get(vault(source).seal(PLACE, ring()));

    // Then
    assertThat(get(vault().open(stored, PLACE)).current().secret().reveal()).isEqualTo(CANARY);
    assertThatThrownBy(
            () ->
                new MasterKeySource(
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        java.util.Optional.of("echo " + CANARY + "; exit 3"))
                    .read())
        .hasMessageContaining("status 3")
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void aMalformedMasterKeyIsRefusedWithoutBeingQuoted() {
    for (String wrong : new String[] {"", "c2hvcnQ=", "not base64 at all!", CANARY}) {
      assertThatThrownBy(() -> MasterKeys.parse(new Secret(wrong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining(wrong.isEmpty() ? "whsec_" : wrong);
    }
  }

  @Test
  void whatWasStoredInTheClearIsTakenAsItIs() throws Exception {
    assertThat(get(vault().open("an old secret", PLACE)).current().secret().reveal())
        .isEqualTo("an old secret");
  }

  @Test
  void nothingThatHoldsASecretPrintsIt() {
    // Given
    Secret secret = new Secret(CANARY);
    Object[] holders = {
      secret,
      ring(),
      ring().current(),
      MasterKeys.parse(new Secret(masterKey(1))),
      MasterKeySource.of(secret),
      SigningSecret.parse(CANARY),
      new SigningPair(new Secret(masterKey(5)))
    };

    for (Object each : holders) {
      assertThat(each.toString()).doesNotContain(CANARY).doesNotContain(CANARY.substring(6));
      assertThat(each).isNotInstanceOf(java.io.Serializable.class);
    }
    assertThatThrownBy(
            () -> new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(secret))
        .isNotNull();
    secret.wipe();
    assertThatThrownBy(secret::reveal).hasMessageContaining("wiped");
  }
}
