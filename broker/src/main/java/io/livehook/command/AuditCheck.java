package io.livehook.command;

import io.livehook.platform.Statements;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit and computes its hashes again, by its own code and not the database's. A row that
 * was changed, taken out or slipped in breaks its chain, unless whoever did it wrote every later
 * row of the chain anew: heads kept elsewhere show that too. Blocks: main thread.
 */
final class AuditCheck {
  private static final String ROWS = Statements.load(AuditCheck.class, "audit_rows");
  private static final String HEADS = Statements.load(AuditCheck.class, "audit_heads");
  private static final int FETCHED = 1_000;

  /** Where a chain ends. */
  @SuppressWarnings("ArrayRecordComponent")
  record Head(long number, byte[] hash) {
    static final Head START = new Head(0, new byte[0]);

    String text() {
      return number + " " + HexFormat.of().formatHex(hash);
    }

    boolean same(Head other) {
      return number == other.number && MessageDigest.isEqual(hash, other.hash);
    }
  }

  private final MessageDigest sha256;
  private final Map<String, Head> computed = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private long rows;

  private AuditCheck() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Reads rows and heads in one snapshot. */
  static AuditCheck run(Connection connection) throws SQLException {
    AuditCheck check = new AuditCheck();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCHED);
      try (ResultSet row = statement.executeQuery(ROWS)) {
        while (row.next()) {
          check.row(row);
        }
      }
      try (ResultSet row = statement.executeQuery(HEADS)) {
        check.heads(row);
      }
    }
    connection.rollback();
    return check;
  }

  private void row(ResultSet row) throws SQLException {
    rows++;
    String chain = row.getString("chain");
    long number = row.getLong("number");
    Head before = computed.getOrDefault(chain, Head.START);
    byte[] stored = row.getBytes("hash");
    if (number != before.number() + 1) {
      faults.add("%s: row %d follows row %d".formatted(chain, number, before.number()));
    } else if (!MessageDigest.isEqual(stored, hash(before, row))) {
      faults.add("%s: row %d is not what its hash says".formatted(chain, number));
    }
    computed.put(chain, new Head(number, stored));
  }

  private byte[] hash(Head before, ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (String field :
        new String[] {
          "chain",
          "number",
          "tenant_id",
          "microsecond",
          "actor",
          "action",
          "subject",
          "request_id",
          "before",
          "after"
        }) {
      text.append(text.isEmpty() ? "" : ",").append(field(row.getString(field)));
    }
    sha256.update(before.hash());
    return sha256.digest(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String field(@Nullable String value) {
    return value == null ? "-" : value.getBytes(StandardCharsets.UTF_8).length + ":" + value;
  }

  private void heads(ResultSet row) throws SQLException {
    Map<String, Head> left = new TreeMap<>(computed);
    while (row.next()) {
      String chain = row.getString("chain");
      Head kept = new Head(row.getLong("number"), row.getBytes("hash"));
      Head found = left.remove(chain);
      if (found == null || !found.same(kept)) {
        long number = found == null ? 0 : found.number();
        faults.add("%s: ends at row %d, not %d".formatted(chain, number, kept.number()));
      }
    }
    left.keySet().forEach(chain -> faults.add(chain + ": a chain that nobody began"));
  }

  long rows() {
    return rows;
  }

  Map<String, Head> heads() {
    return computed;
  }

  List<String> faults() {
    return faults;
  }
}
