package io.livehook.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A refusal as RFC 9457 has it. Immutable.
 *
 * @param retryAfterSeconds for {@code Retry-After}, or 0
 */
public record Problem(ProblemKind kind, String detail, List<Fault> faults, int retryAfterSeconds) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    faults = List.copyOf(faults);
  }

  public static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind, detail, List.of(), 0);
  }

  /** No key, where one is needed. */
  public static Problem keyless() {
    return of(ProblemKind.UNAUTHORIZED, "No API key came with the request.");
  }

  /** All faults of a request at once. */
  public static Problem faults(List<Fault> faults) {
    return faults(ProblemKind.BAD_REQUEST, faults);
  }

  public static Problem faults(ProblemKind kind, List<Fault> faults) {
    String detail =
        faults.size() == 1
            ? faults.get(0).message()
            : "There are %d faults.".formatted(faults.size());
    return new Problem(kind, detail, faults, 0);
  }

  public static Problem later(ProblemKind kind, String detail, int seconds) {
    return new Problem(kind, detail, List.of(), seconds);
  }

  public JsonObject json(String baseUrl, String requestId) {
    JsonArray errors = new JsonArray();
    for (Fault fault : faults) {
      errors.add(
          new JsonObject()
              .put("pointer", fault.pointer())
              .put("code", fault.code())
              .put("message", fault.message()));
    }
    return new JsonObject()
        .put("type", baseUrl + "/problems#" + kind.code())
        .put("title", kind.title())
        .put("status", kind.status())
        .put("detail", detail)
        .put("instance", requestId)
        .put("code", kind.code())
        .put("errors", errors);
  }
}
