package io.livehook.api;

import io.livehook.delivery.CallbackCheck;
import io.livehook.http.Connections;
import io.livehook.http.Patience;
import io.livehook.ingest.IngestLimits;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.security.AccountChanges;
import io.livehook.security.KeyUses;
import io.livehook.security.Tenant;
import io.livehook.security.Vault;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the HTTP side is given by the program around it.
 *
 * @param laneCount lanes of the database; 0 while it is not known yet
 * @param random for secrets: a secure one
 * @param vault of the subscriptions' secrets
 * @param callbacks judges where a callback points
 * @param tenantSeen told of every tenant that a request names
 * @param accounts makes and ends tenants and keys
 * @param keyUses told of every key that was valid
 * @param ingestLimits what one tenant's origins may push
 * @param patience of this event loop, for its requests
 * @param connections of this event loop
 * @param readiness what must hold before requests are sent here, by name
 */
public record Surroundings(
    Lanes lanes,
    IntSupplier laneCount,
    Ids ids,
    RandomGenerator random,
    Vault vault,
    CallbackCheck callbacks,
    Supplier<Map<String, Boolean>> readiness,
    Consumer<Tenant> tenantSeen,
    AccountChanges accounts,
    KeyUses keyUses,
    IngestLimits ingestLimits,
    Patience patience,
    Connections connections) {}
