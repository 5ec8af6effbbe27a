package io.livehook.api;

import io.livehook.http.Cursors;
import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Fields;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.outcome.RetrySchedule;
import io.livehook.platform.Ids;
import io.livehook.security.AccountChanges;
import io.livehook.security.AccountRows;
import io.livehook.security.TenantRow;
import io.livehook.security.TenantSlug;
import io.livehook.subscription.SubscriptionRow;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/tenants}: for keys of scope {@code *} only. One per event loop. */
final class TenantsApi {
  private static final Set<String> QUERY = Set.of("limit", "cursor");
  private static final Set<String> FIELDS = Set.of("slug", "retry_schedule");
  private static final String LIST = "tenants";
  private static final int ID = 3;

  private final AccountRows rows;
  private final AccountChanges changes;
  private final Cursors cursors;

  TenantsApi(AccountRows rows, AccountChanges changes, Cursors cursors) {
    this.rows = rows;
    this.changes = changes;
    this.cursors = cursors;
  }

  void list(Exchange exchange) {
    Fields query = exchange.query();
    List<Fault> faults = query.faults(QUERY);
    Cursors.Page page = cursors.page(query, LIST, 1, faults);
    if (page == null) {
      exchange.problem(Problem.faults(faults));
      return;
    }
    long below = page.after() == null ? Long.MAX_VALUE : page.after()[0];
    exchange.failing(
        rows.tenants(below, page.limit() + 1)
            .onSuccess(
                found ->
                    Pages.answer(exchange, found, page.limit(), TenantsApi::json, cursors, LIST)));
  }

  private static JsonObject json(TenantRow tenant) {
    return new JsonObject()
        .put("id", Ids.text(Ids.Kind.TENANT, tenant.publicId()))
        .put("slug", tenant.slug())
        .put("retry_schedule", tenant.retrySchedule())
        .put("status", status(tenant))
        .put("created_at", SubscriptionRow.time(tenant.createdAt()))
        .put("deleting_at", SubscriptionRow.time(tenant.deletingAt()))
        .put("deleted_at", SubscriptionRow.time(tenant.deletedAt()));
  }

  private static String status(TenantRow tenant) {
    if (tenant.deletingAt() == null) {
      return "active";
    }
    return tenant.deletedAt() == null ? "deleting" : "deleted";
  }

  void create(Exchange exchange) {
    JsonBody.read(
        exchange,
        FIELDS,
        body -> {
          String slug = slug(body);
          String schedule = schedule(body);
          if (body.sound(exchange)) {
            exchange.failing(
                changes
                    .createTenant(slug, schedule, Actors.of(exchange))
                    .onSuccess(made -> answerMade(exchange, made)));
          }
        });
  }

  private static String slug(JsonBody body) {
    String slug = body.text("slug");
    if (slug == null) {
      body.fault("slug", "missing", "slug is the tenant's name in URLs");
      return "";
    }
    TenantSlug.fault(slug).ifPresent(fault -> body.fault("slug", "value", fault));
    return slug;
  }

  private static @Nullable String schedule(JsonBody body) {
    String schedule = body.text("retry_schedule");
    if (schedule != null) {
      try {
        RetrySchedule unused = RetrySchedule.parse(schedule);
      } catch (IllegalArgumentException wrong) {
        body.fault("retry_schedule", "value", "retry_schedule " + wrong.getMessage());
      }
    }
    return schedule;
  }

  private static void answerMade(Exchange exchange, Optional<TenantRow> made) {
    if (made.isPresent()) {
      exchange.json(201, json(made.get()));
    } else {
      exchange.problem(
          Problem.of(ProblemKind.CONFLICT, "There is, or was, a tenant of this name."));
    }
  }

  void get(Exchange exchange) {
    Optional<UUID> id = Ids.parse(Ids.Kind.TENANT, exchange.segment(ID));
    if (id.isEmpty()) {
      exchange.problem(unknown());
      return;
    }
    exchange.failing(
        rows.tenant(id.get())
            .onSuccess(
                found ->
                    found.ifPresentOrElse(
                        row -> exchange.json(200, json(row)), () -> exchange.problem(unknown()))));
  }

  /** Its keys are void when this is answered; its subscriptions end in the background. */
  void delete(Exchange exchange) {
    Optional<UUID> id = Ids.parse(Ids.Kind.TENANT, exchange.segment(ID));
    if (id.isEmpty()) {
      exchange.problem(unknown());
    } else if (id.get().equals(exchange.caller().tenant().publicId())) {
      exchange.problem(
          Problem.of(
              ProblemKind.CONFLICT, "This key is of that tenant: use one of another tenant."));
    } else {
      exchange.failing(
          changes
              .deleteTenant(id.get(), Actors.of(exchange))
              .onSuccess(
                  found -> {
                    if (found) {
                      exchange.end(202, null);
                    } else {
                      exchange.problem(unknown());
                    }
                  }));
    }
  }

  private static Problem unknown() {
    return Problem.of(ProblemKind.NOT_FOUND, "No such tenant; its id is ten_….");
  }
}
