package io.livehook.security;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account: its number in tables, its public id, its name in URLs.
 *
 * @param retrySchedule what holds for subscriptions without their own; null: the node's default
 */
public record Tenant(long id, UUID publicId, String slug, @Nullable String retrySchedule) {}
