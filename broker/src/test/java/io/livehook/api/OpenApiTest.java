package io.livehook.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.delivery.CallbackCheck;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardPolicy;
import io.livehook.http.Connections;
import io.livehook.http.Patience;
import io.livehook.http.Peers;
import io.livehook.http.ProblemKind;
import io.livehook.http.Refusals;
import io.livehook.http.RequestIds;
import io.livehook.ingest.IngestLimits;
import io.livehook.platform.Ids;
import io.livehook.platform.MasterKeySource;
import io.livehook.platform.ReadPool;
import io.livehook.platform.Secret;
import io.livehook.security.AccountChanges;
import io.livehook.security.ApiKey;
import io.livehook.security.KeyUses;
import io.livehook.security.Vault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The description at {@code /openapi.json} is of what is served, and holds together. */
class OpenApiTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final JsonObject DOCUMENT = document();

  @AfterAll
  static void close() throws Exception {
    VERTX.close().await(5, java.util.concurrent.TimeUnit.SECONDS);
  }

  private static JsonObject document() {
    try (var file = HttpApi.class.getResourceAsStream("openapi.json")) {
      return new JsonObject(
          new String(
              java.util.Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
    } catch (java.io.IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static List<Route> routes() {
    Pool pool = PgBuilder.pool().connectingTo(new PgConnectOptions()).using(VERTX).build();
    return new HttpApi(
            new HttpApiConfig("https://broker.test", 1, new Secret("pepper of the tests")),
            ReadPool.open(VERTX, new PgConnectOptions(), Optional.empty()),
            new Surroundings(
                submission -> Future.failedFuture("not asked"),
                () -> 1,
                Ids.ofThisHost(),
                new Random(1),
                new Vault(VERTX, pool, MasterKeySource.NONE),
                new CallbackCheck(VERTX, new Guard(GuardPolicy.STRICT)),
                Map::of,
                tenant -> {},
                new AccountChanges(
                    pool, Ids.ofThisHost(), new Secret("pepper"), ApiKey.Environment.DEV),
                new KeyUses(pool),
                new IngestLimits(0, 1),
                new Patience(VERTX),
                new Connections(
                    VERTX,
                    TestBroker.INBOUND,
                    new Peers(1, 1),
                    new Refusals("https://broker.test", new RequestIds(1)))))
        .routes();
  }

  @Test
  void everyRouteIsDescribedAndNoOther() {
    // Given
    Set<String> served = new TreeSet<>();
    routes().forEach(route -> served.add(route.method() + " " + route.template()));

    // When
    Set<String> described = new TreeSet<>();
    DOCUMENT
        .getJsonObject("paths")
        .forEach(
            path ->
                ((JsonObject) path.getValue())
                    .fieldNames()
                    .forEach(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

    // Then
    assertThat(described).isEqualTo(served);
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryOperationHasAnIdOfItsOwn() {
    // Given
    List<String> references = new ArrayList<>();
    List<String> operations = new ArrayList<>();
    walk(DOCUMENT, references, operations);

    // When, Then
    assertThat(operations).doesNotHaveDuplicates().hasSize(routes().size());
    for (String reference : new HashSet<>(references)) {
      Object at = DOCUMENT;
      for (String step : reference.substring(2).split("/", -1)) {
        at = ((JsonObject) at).getValue(step);
        assertThat(at).as(reference).isNotNull();
      }
    }
  }

  private static void walk(Object at, List<String> references, List<String> operations) {
    if (at instanceof JsonObject object) {
      object.forEach(
          field -> {
            if (field.getKey().equals("$ref")) {
              references.add((String) field.getValue());
            } else if (field.getKey().equals("operationId")) {
              operations.add((String) field.getValue());
            }
            walk(field.getValue(), references, operations);
          });
    } else if (at instanceof JsonArray array) {
      array.forEach(each -> walk(each, references, operations));
    }
  }

  @Test
  void everyPathParameterIsDescribed() {
    for (Route route : routes()) {
      JsonObject operation =
          DOCUMENT
              .getJsonObject("paths")
              .getJsonObject(route.template())
              .getJsonObject(route.method().name().toLowerCase(Locale.ROOT));
      Set<String> described = new HashSet<>();
      operation.getJsonArray("parameters", new JsonArray()).stream()
          .map(JsonObject.class::cast)
          .map(reference -> reference.getString("$ref"))
          .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
          .map(
              name ->
                  DOCUMENT
                      .getJsonObject("components")
                      .getJsonObject("parameters")
                      .getJsonObject(name))
          .filter(parameter -> parameter.getString("in").equals("path"))
          .forEach(parameter -> described.add("{" + parameter.getString("name") + "}"));
      Set<String> wanted = new HashSet<>(List.of(route.segments()));
      wanted.removeIf(segment -> !segment.startsWith("{"));
      assertThat(described).as(route.template()).isEqualTo(wanted);
    }
  }

  @Test
  void theProblemsInTheExamplesAreThoseThatAreSent() {
    Set<String> codes = new HashSet<>();
    for (ProblemKind kind : ProblemKind.values()) {
      codes.add(kind.status() + " " + kind.code() + " " + kind.title());
    }
    DOCUMENT
        .getJsonObject("components")
        .getJsonObject("responses")
        .forEach(
            response -> {
              JsonObject example =
                  ((JsonObject) response.getValue())
                      .getJsonObject("content")
                      .getJsonObject("application/problem+json")
                      .getJsonObject("example");
              assertThat(codes)
                  .contains(
                      example.getInteger("status")
                          + " "
                          + example.getString("code")
                          + " "
                          + example.getString("title"));
            });
  }
}
