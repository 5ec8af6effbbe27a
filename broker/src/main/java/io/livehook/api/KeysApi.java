package io.livehook.api;

import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.platform.Ids;
import io.livehook.security.AccountChanges;
import io.livehook.security.AccountRows;
import io.livehook.security.KeyRow;
import io.livehook.security.KeyWish;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import io.livehook.subscription.SubscriptionRow;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/keys}: a tenant's keys. Those of scope {@code *} are seen, made and ended only by
 * others of that scope: to the rest they do not exist. One per event loop.
 */
final class KeysApi {
  private static final Set<String> QUERY = Set.of("limit", "cursor", "tenant");
  private static final Set<String> FIELDS = Set.of("role", "scope", "label", "expires_at");
  private static final int ID = 3;

  private final AccountRows rows;
  private final AccountChanges changes;
  private final Cursors cursors;

  KeysApi(AccountRows rows, AccountChanges changes, Cursors cursors) {
    this.rows = rows;
    this.changes = changes;
    this.cursors = cursors;
  }

  // --- list ---

  void list(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(QUERY);
    boolean everywhere = exchange.caller().everywhere();
    String list = "keys:" + exchange.tenant().id() + everywhere;
    Cursors.Page page = cursors.page(query, list, 1, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long below = page.after() == null ? Long.MAX_VALUE : page.after()[0];
    exchange.failing(
        rows.keys(exchange.tenant().id(), everywhere, below, page.limit() + 1)
            .onSuccess(
                found ->
                    Pages.answer(exchange, found, page.limit(), KeysApi::json, cursors, list)));
  }

  private static JsonObject json(KeyRow key) {
    return new JsonObject()
        .put("id", Ids.text(Ids.Kind.KEY, key.publicId()))
        .put("role", key.role())
        .put("scope", key.scope())
        .put("label", key.label())
        .put("created_at", SubscriptionRow.time(key.createdAt()))
        .put("expires_at", SubscriptionRow.time(key.expiresAt()))
        .put("last_used_at", SubscriptionRow.time(key.lastUsedAt()))
        .put("revoked_at", SubscriptionRow.time(key.revokedAt()));
  }

  // --- create ---

  void create(Exchange exchange) {
    JsonBody.read(
        exchange,
        FIELDS,
        body -> {
          KeyWish wish = wish(body, exchange.caller().everywhere());
          if (body.sound(exchange) && wish != null) {
            exchange.failing(
                changes
                    .createKey(exchange.tenant(), wish, Actors.of(exchange))
                    .onSuccess(made -> answerMade(exchange, made)));
          }
        });
  }

  /** Null only with a fault. */
  private static @Nullable KeyWish wish(JsonBody body, boolean everywhere) {
    Role role = role(body);
    Scope scope = scope(body, everywhere);
    String label = label(body);
    OffsetDateTime expiresAt = expiresAt(body);
    if (role == null) {
      return null;
    }
    if (!scope.allows(role)) {
      body.fault("scope", "value", "a key of scope * has the role operator or viewer");
      return null;
    }
    return new KeyWish(role, scope, label, expiresAt);
  }

  private static @Nullable Role role(JsonBody body) {
    String text = body.text("role");
    Optional<Role> role =
        Arrays.stream(Role.values()).filter(each -> each.label().equals(text)).findFirst();
    if (role.isEmpty()) {
      body.fault("role", "value", "role is origin, consumer, operator or viewer");
    }
    return role.orElse(null);
  }

  private static Scope scope(JsonBody body, boolean everywhere) {
    String text = body.text("scope");
    if (text == null || text.equals(Scope.TENANT.label())) {
      return Scope.TENANT;
    }
    if (!text.equals(Scope.EVERYWHERE.label()) || !everywhere) {
      body.fault("scope", "value", "scope is tenant; * only when asked for with a key of scope *");
      return Scope.TENANT;
    }
    return Scope.EVERYWHERE;
  }

  private static String label(JsonBody body) {
    String text = body.text("label");
    if (text != null && !KeyWish.isLabel(text)) {
      body.fault("label", "value", "label is up to 100 printable characters");
    }
    return text == null ? "" : text;
  }

  private static @Nullable OffsetDateTime expiresAt(JsonBody body) {
    String text = body.text("expires_at");
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime at = OffsetDateTime.parse(text);
      if (at.getYear() >= 1970 && at.getYear() <= 9999) {
        return at;
      }
    } catch (DateTimeParseException malformed) {
      // said below, as for a year out of range
    }
    body.fault("expires_at", "value", "expires_at is a time like 2027-01-31T12:00:00Z");
    return null;
  }

  private static void answerMade(Exchange exchange, Optional<AccountChanges.Made> made) {
    if (made.isEmpty()) {
      exchange.problem(Problem.of(ProblemKind.NOT_FOUND, "There is nothing at this URL."));
      return;
    }
    exchange.put(HttpHeaders.CACHE_CONTROL, "no-store");
    exchange.json(201, json(made.get().row()).put("key", made.get().key().reveal()));
  }

  // --- revoke ---

  /** A second time gives the same answer. */
  void revoke(Exchange exchange) {
    Optional<UUID> id = Ids.parse(Ids.Kind.KEY, exchange.segment(ID));
    if (id.isEmpty()) {
      exchange.problem(unknown());
      return;
    }
    exchange.failing(
        changes
            .revokeKey(
                exchange.tenant(), id.get(), exchange.caller().everywhere(), Actors.of(exchange))
            .onSuccess(
                found -> {
                  if (found) {
                    exchange.end(204, null);
                  } else {
                    exchange.problem(unknown());
                  }
                }));
  }

  private static Problem unknown() {
    return Problem.of(ProblemKind.NOT_FOUND, "No such key; its id is key_….");
  }
}
