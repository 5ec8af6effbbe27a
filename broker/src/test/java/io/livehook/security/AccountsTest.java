package io.livehook.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.Ids;
import io.livehook.platform.Secret;
import io.livehook.platform.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccountsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final Secret PEPPER = new Secret("a pepper for tests");
  private final Accounts accounts;

  AccountsTest() throws Exception {
    accounts = Accounts.open(DATABASE.url(), Ids.ofThisHost(), PEPPER);
  }

  @BeforeEach
  void noTenants() {
    DATABASE.execute("truncate tenant cascade");
  }

  @AfterEach
  void close() throws Exception {
    accounts.close();
  }

  @Test
  void aTenantIsMadeOnce() throws Exception {
    assertThat(accounts.createTenant("acme")).isPresent();
    assertThat(accounts.createTenant("acme")).isEmpty();
  }

  @Test
  void onlyTheHashOfAKeyIsStored() throws Exception {
    // Given
    assertThat(accounts.createTenant("acme")).isPresent();

    // When
    ApiKey key =
        accounts
            .createKey(ApiKey.Environment.LIVE, "acme", Role.ORIGIN, Scope.TENANT, "first")
            .orElseThrow();

    // Then
    try (Connection connection = DATABASE.connect();
        PreparedStatement find =
            connection.prepareStatement("select public_id, role from api_key where key_hash = ?")) {
      find.setBytes(1, key.hash(PEPPER));
      try (ResultSet row = find.executeQuery()) {
        assertThat(row.next()).isTrue();
        assertThat(row.getObject("public_id")).isEqualTo(key.id());
        assertThat(row.getString("role")).isEqualTo("origin");
      }
    }
  }

  @Test
  void aKeyNeedsItsTenant() throws Exception {
    assertThat(accounts.createKey(ApiKey.Environment.LIVE, "nobody", Role.ORIGIN, Scope.TENANT, ""))
        .isEmpty();
  }

  @Test
  void aKeyMayReachEveryTenant() throws Exception {
    // Given
    assertThat(accounts.createTenant("acme")).isPresent();

    // When
    assertThat(
            accounts.createKey(
                ApiKey.Environment.LIVE, "acme", Role.OPERATOR, Scope.EVERYWHERE, "all"))
        .isPresent();

    // Then
    try (Connection connection = DATABASE.connect();
        PreparedStatement find = connection.prepareStatement("select scope from api_key");
        ResultSet row = find.executeQuery()) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString("scope")).isEqualTo("*");
    }
  }

  @Test
  void keysAreRevokedByLabel() throws Exception {
    // Given
    assertThat(accounts.createTenant("acme")).isPresent();
    assertThat(accounts.createKey(ApiKey.Environment.DEV, "acme", Role.ORIGIN, Scope.TENANT, "dev"))
        .isPresent();
    assertThat(accounts.createKey(ApiKey.Environment.DEV, "acme", Role.ORIGIN, Scope.TENANT, "own"))
        .isPresent();

    // Then
    assertThat(accounts.revokeKeys("acme", "dev")).isEqualTo(1);
    assertThat(accounts.revokeKeys("acme", "dev")).isZero();
  }
}
