package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.Rule;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an origin is told to say of a resource: DISC-1, DISC-5, DISC-9 to DISC-11. */
class DiscoveryHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static TestBroker broker;
  private static String origin;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private static HttpResponse<String> ask(String query) {
    return broker.get("/acme/discovery" + query, origin);
  }

  private static List<String> told(String uri) {
    HttpResponse<String> answer = ask("?uri=" + encoded(uri));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).getString("resource")).isEqualTo(uri);
    return json(answer).getJsonArray("link").stream().map(String.class::cast).toList();
  }

  @Rule({"DISC-5", "DISC-9"})
  @Test
  void theLinesNameTheCollectionInBothDialectsAndNothingThatIsNotServed() {
    // Given
    String uri = "https://o.test/todo";
    broker.put(uri, origin, "x");
    String collection =
        "https://broker.test/acme/resources/https:%2F%2Fo.test%2Ftodo/subscriptions/";

    // When, Then (DISC-5, DISC-9, DISC-10, DISC-11)
    assertThat(told(uri))
        .containsExactly(
            "<" + collection + ">; rel=value-callback",
            "<" + collection + ">; rel=\"http://liveresource.org/protocol/callbacks\"",
            "<https://broker.test/acme/hooks/>;"
                + " rel=\"http://liveresource.org/protocol/multiplex-callbacks\"");
  }

  @Rule({"DISC-10", "DISC-11"})
  @Test
  void theLinesAreAmongThoseOfTheResourceItselfWithNoCommaInAUri() {
    // Given
    String uri = "https://o.test/a,b;c/straße?q=1";
    broker.put(uri, origin, "x");

    // When (DISC-1, DISC-10)
    List<String> lines = told(uri);

    // Then
    assertThat(broker.get(resource(uri), origin).headers().allValues("Link")).containsAll(lines);
    assertThat(lines).allMatch(line -> line.matches("<[!-+\\--:<-~]+>; rel=[!-~]+"));
  }

  @Rule({"DISC-5", "DISC-6", "DISC-9"})
  @Test
  void theLinesOfACollectionNameItsChangesCollectionToo() {
    // Given
    String uri = "https://o.test/list";
    broker.post(resource(uri) + "/changes", origin, "application/json", "[1]", "Changes-Id", "c1");
    String collection =
        "https://broker.test/acme/resources/https:%2F%2Fo.test%2Flist/changes-subscriptions/";

    // When, Then
    assertThat(told(uri))
        .hasSize(5)
        .contains(
            "<" + collection + ">; rel=changes-callback",
            "<" + collection + ">; rel=\"http://liveresource.org/protocol/changes-callbacks\"");
    assertThat(json(ask("?uri=" + encoded(uri))).getString("liveresource_property"))
        .isEqualTo("multiplex=callbacks");
  }

  @Test
  void aDeletedResourceIsStillFoundAndAnUnknownOneIsNot() {
    // Given
    String uri = "https://o.test/deleted";
    broker.put(uri, origin, "x");
    broker.delete(resource(uri), origin);

    // When, Then
    assertThat(told(uri)).hasSize(3);
    assertThat(ask("?uri=" + encoded("https://o.test/never")).statusCode()).isEqualTo(404);
  }

  @Test
  void everyFaultOfTheQueryIsNamed() {
    assertThat(faults("")).containsExactly("query/uri missing");
    assertThat(faults("?uri=no-uri&color=red"))
        .containsExactlyInAnyOrder("query/color unknown", "query/uri not_absolute");
    assertThat(faults("?uri=https://a.test/&uri=https://b.test/"))
        .containsExactly("query/uri repeated");
  }

  private static List<String> faults(String query) {
    HttpResponse<String> answer = ask(query);
    assertThat(answer.statusCode()).isEqualTo(400);
    return json(answer).getJsonArray("errors").stream()
        .map(JsonObject.class::cast)
        .map(fault -> fault.getString("pointer") + " " + fault.getString("code"))
        .toList();
  }
}
