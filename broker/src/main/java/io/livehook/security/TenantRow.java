package io.livehook.security;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant as its row has it. Immutable. */
public record TenantRow(
    UUID publicId,
    String slug,
    @Nullable String retrySchedule,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime deletingAt,
    @Nullable OffsetDateTime deletedAt) {
  static TenantRow of(Row row) {
    return new TenantRow(
        row.getUUID("public_id"),
        row.getString("slug"),
        row.getString("retry_schedule"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("deleting_at"),
        row.getOffsetDateTime("deleted_at"));
  }
}
