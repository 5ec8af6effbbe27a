package io.livehook.security;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key as its row has it: nothing of its secret. Immutable. */
public record KeyRow(
    UUID publicId,
    String role,
    String scope,
    String label,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime expiresAt,
    @Nullable OffsetDateTime lastUsedAt,
    @Nullable OffsetDateTime revokedAt) {
  static KeyRow of(Row row) {
    return new KeyRow(
        row.getUUID("public_id"),
        row.getString("role"),
        row.getString("scope"),
        row.getString("label"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("expires_at"),
        row.getOffsetDateTime("last_used_at"),
        row.getOffsetDateTime("revoked_at"));
  }
}
