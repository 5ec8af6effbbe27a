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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes and ends tenants and keys from the command line. Blocks: not for event loops. */
public final class Accounts implements AutoCloseable {
  private static final String CREATE_TENANT = load("create_tenant");
  private static final String DELETE_TENANT = load("delete_tenant");
  private static final String FIND_TENANT = load("find_tenant");
  private static final String CREATE_KEY = load("create_key");
  private static final String REVOKE_KEY = load("revoke_key");
  private static final String LABELLED_KEYS = load("labelled_keys");
  private static final Actor BY = Actor.COMMAND_LINE;

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

  /** JDBC has no numbers for parameters; each of these statements uses each once, in order. */
  private static String load(String name) {
    return Statements.load(Accounts.class, name).replaceAll("\\$\\d+", "?");
  }

  /** Makes a tenant, or nothing if the slug is taken; its public id. */
  public Optional<UUID> createTenant(String slug) throws SQLException {
    return createTenant(slug, null);
  }

  /** The same with the pauses between attempts for subscriptions that have none of their own. */
  public Optional<UUID> createTenant(String slug, @Nullable String retrySchedule)
      throws SQLException {
    UUID id = ids.next();
    String shown = Ids.text(Ids.Kind.TENANT, id);
    boolean made = found(CREATE_TENANT, id, slug, retrySchedule, BY.name(), shown, BY.requestId());
    return made ? Optional.of(id) : Optional.empty();
  }

  /** Its keys are void at once; a running broker ends its subscriptions. False: none such. */
  public boolean deleteTenant(String slug) throws SQLException {
    List<UUID> named = uuids(FIND_TENANT, slug);
    if (named.isEmpty()) {
      return false;
    }
    UUID id = named.get(0);
    return found(DELETE_TENANT, id, BY.name(), Ids.text(Ids.Kind.TENANT, id), BY.requestId());
  }

  /** Makes a key of a tenant, or nothing if there is no such tenant. */
  public Optional<ApiKey> createKey(
      ApiKey.Environment environment, String tenant, Role role, Scope scope, String label)
      throws SQLException {
    return createKey(environment, tenant, new KeyWish(role, scope, label, null));
  }

  /** The same with everything that can be wished for. */
  public Optional<ApiKey> createKey(ApiKey.Environment environment, String tenant, KeyWish wish)
      throws SQLException {
    ApiKey key = ApiKey.generate(environment, ids.next(), random);
    boolean made =
        found(
            CREATE_KEY,
            key.id(),
            tenant,
            wish.role().label(),
            wish.scope().label(),
            wish.label(),
            key.hash(pepper),
            wish.expiresAt(),
            BY.name(),
            key.toString(),
            BY.requestId());
    return made ? Optional.of(key) : Optional.empty();
  }

  /** Ends a key of whatever tenant. False: there is none of this id. */
  public boolean revokeKey(UUID key) throws SQLException {
    String shown = Ids.text(Ids.Kind.KEY, key);
    return found(REVOKE_KEY, key, null, true, BY.name(), shown, BY.requestId());
  }

  /** Ends all keys of a tenant that carry this label; how many. */
  public int revokeKeys(String tenant, String label) throws SQLException {
    int revoked = 0;
    for (UUID key : uuids(LABELLED_KEYS, tenant, label)) {
      revoked += revokeKey(key) ? 1 : 0;
    }
    return revoked;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private boolean found(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet row = statement.executeQuery()) {
      return row.next();
    }
  }

  private List<UUID> uuids(String sql, String... parameters) throws SQLException {
    List<UUID> all = new ArrayList<>();
    try (PreparedStatement statement = prepare(sql, (Object[]) parameters);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        all.add(row.getObject(1, UUID.class));
      }
    }
    return all;
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
