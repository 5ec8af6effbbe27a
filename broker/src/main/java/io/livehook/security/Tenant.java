package io.livehook.security;

import java.util.UUID;

/** An account: its number in tables, its public id, its name in URLs. */
public record Tenant(long id, UUID publicId, String slug) {}
