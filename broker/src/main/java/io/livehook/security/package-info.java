/**
 * Who may do what: API keys and the tenants they belong to. {@link io.livehook.security.ApiKey} is
 * pure and runs anywhere; {@link io.livehook.security.Accounts} blocks and is for commands. Owns
 * the tables tenant and api_key.
 */
@CheckReturnValue
@NullMarked
package io.livehook.security;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
