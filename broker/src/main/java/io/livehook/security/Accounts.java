package io.livehook.security;

import io.livehook.platform.DatabaseUrl;
import io.livehook.platform.Ids;
import io.livehook.platform.Jdbc;
import io.livehook.platform.Secret;
import io.livehook.platform.Statements;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes tenants and keys from the command line. Blocks: not for event loops. */
public final class Accounts implements AutoCloseable {
  private static final String CREATE_TENANT = Statements.load(Accounts.class, "create_tenant");
  private static final String FIND_TENANT = Statements.load(Accounts.class, "find_tenant");
  private static final String CREATE_KEY = Statements.load(Accounts.class, "create_key");
  private static final String REVOKE_KEYS = Statements.load(Accounts.class, "revoke_labelled_keys");

  private final Connection connection;
  private final Ids ids;
  private final Secret pepper;
  private final SecureRandom random = new SecureRandom();

  private Accounts(Connection connection, Ids ids, Secret pepper) {
    this.connection = connection;
    this.ids = ids;
    this.pepper = pepper;
  }

  public static Accounts open(DatabaseUrl database, Ids ids, Secret pepper) throws SQLException {
    return new Accounts(Jdbc.open(database), ids, pepper);
  }

  /** Makes a tenant, or nothing if the slug is taken; its public id. */
  public Optional<UUID> createTenant(String slug) throws SQLException {
    return createTenant(slug, null);
  }

  /** The same with the pauses between attempts for subscriptions that have none of their own. */
  public Optional<UUID> createTenant(String slug, @Nullable String retrySchedule)
      throws SQLException {
    UUID id = ids.next();
    try (PreparedStatement statement = connection.prepareStatement(CREATE_TENANT)) {
      statement.setObject(1, id);
      statement.setString(2, slug);
      statement.setString(3, retrySchedule);
      return statement.executeUpdate() == 1 ? Optional.of(id) : Optional.empty();
    }
  }

  /** Makes a key of a tenant, or nothing if there is no such tenant. */
  public Optional<ApiKey> createKey(
      ApiKey.Environment environment, String tenant, Role role, Scope scope, String label)
      throws SQLException {
    OptionalLong owner = tenant(tenant);
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    ApiKey key = ApiKey.generate(environment, ids.next(), random);
    try (PreparedStatement statement = connection.prepareStatement(CREATE_KEY)) {
      statement.setObject(1, key.id());
      statement.setLong(2, owner.getAsLong());
      statement.setString(3, role.label());
      statement.setString(4, scope.label());
      statement.setString(5, label);
      statement.setBytes(6, key.hash(pepper));
      statement.executeUpdate();
    }
    return Optional.of(key);
  }

  /** Ends all keys of a tenant that carry this label; how many. */
  public int revokeKeys(String tenant, String label) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(REVOKE_KEYS)) {
      statement.setString(1, tenant);
      statement.setString(2, label);
      return statement.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private OptionalLong tenant(String slug) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND_TENANT)) {
      statement.setString(1, slug);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }
}
