package io.livehook.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.livehook.platform.DataFolder;
import io.livehook.security.Accounts;
import io.livehook.security.ApiKey;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of the tenant {@code dev}, one per role, in a file that only its owner may read. */
record DevKeys(String tenant, String origin, String consumer, String operator) {
  static final String FILE = "dev-keys.json";
  private static final Logger LOG = LoggerFactory.getLogger(DevKeys.class);
  private static final String TENANT = "dev";
  private static final String LABEL = "dev-keys.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the file; when it is gone, new keys are made and the old ones revoked. */
  static DevKeys ensure(DataFolder folder, Accounts accounts) throws IOException, SQLException {
    Path file = folder.path().resolve(FILE);
    if (Files.exists(file)) {
      return read(file);
    }
    boolean fresh = accounts.createTenant(TENANT).isPresent();
    int revoked = accounts.revokeKeys(TENANT, LABEL);
    if (!fresh && revoked > 0) {
      LOG.atInfo().addKeyValue("revoked", revoked).log("Made new dev keys: the file was gone");
    }
    DevKeys keys =
        new DevKeys(
            TENANT,
            make(accounts, Role.ORIGIN, Scope.TENANT),
            make(accounts, Role.CONSUMER, Scope.TENANT),
            make(accounts, Role.OPERATOR, Scope.EVERYWHERE));
    folder.writeSecret(FILE, keys.json());
    return keys;
  }

  private static String make(Accounts accounts, Role role, Scope scope) throws SQLException {
    return accounts
        .createKey(ApiKey.Environment.DEV, TENANT, role, scope, LABEL)
        .orElseThrow(() -> new IllegalStateException("the tenant dev has gone"))
        .reveal();
  }

  private static DevKeys read(Path file) throws IOException {
    JsonNode keys = JSON.readTree(file.toFile());
    for (String field : new String[] {"tenant", "origin", "consumer", "operator"}) {
      if (!keys.path(field).isTextual()) {
        throw new IOException(
            file + " has no '" + field + "'. Delete the file to have new keys made.");
      }
    }
    return new DevKeys(
        keys.path("tenant").asText(),
        keys.path("origin").asText(),
        keys.path("consumer").asText(),
        keys.path("operator").asText());
  }

  private String json() throws IOException {
    ObjectNode keys = JSON.createObjectNode();
    keys.put("tenant", tenant);
    keys.put("origin", origin);
    keys.put("consumer", consumer);
    keys.put("operator", operator);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(keys) + "\n";
  }

  @Override
  public String toString() {
    return "keys of " + tenant;
  }
}
