package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.livehook.Rule;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Collections at their URL: PUSH-3, CH-1, CH-2, CH-5 to CH-7, DLV-4, GAP-17. */
class ChangesHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String JSON = "application/json";
  private static TestBroker broker;
  private static String origin;
  private static String consumer;
  private String uri;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
    consumer = broker.key(Role.CONSUMER);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @BeforeEach
  void aName() {
    uri = "https://o.test/todo/" + COUNTER.incrementAndGet();
  }

  @CanIgnoreReturnValue
  private HttpResponse<String> post(String body, String... headers) {
    return broker.post(resource(uri) + "/changes", origin, JSON, body, headers);
  }

  /** The next changes: id {@code cN}, after {@code c(N-1)}. */
  @CanIgnoreReturnValue
  private HttpResponse<String> next(int number, String body) {
    HttpResponse<String> answer =
        post(body, "Changes-Id", "c" + number, "Previous-Changes-Id", "c" + (number - 1));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return answer;
  }

  private HttpResponse<String> get() {
    return broker.get(resource(uri), consumer);
  }

  private HttpResponse<String> head(String path) {
    return broker.send(broker.to(path, consumer).method("HEAD", BodyPublishers.noBody()));
  }

  /** What a link of an answer leads to. */
  private static HttpResponse<String> follow(HttpResponse<String> answer) {
    return broker.get(changesLink(answer), consumer);
  }

  private static String changesLink(HttpResponse<String> answer) {
    return link(answer, "changes");
  }

  /** The path behind a rel, as the naive client finds it. */
  private static String link(HttpResponse<String> answer, String rel) {
    List<String> found = new ArrayList<>();
    for (String line : answer.headers().allValues("Link")) {
      if (line.endsWith("; rel=" + rel)) {
        found.add(line.substring(1, line.indexOf('>')));
      }
    }
    assertThat(found).as(answer.headers().map().toString()).hasSize(1);
    return found.get(0).substring("https://broker.test".length());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  // --- POST (PUSH-3) ---

  @Rule({"PUSH-3", "GAP-17"})
  @Test
  void theFirstChangesMakeTheCollectionAndTheNextNameTheOneBefore() {
    // When
    HttpResponse<String> first = post("[1]", "Changes-Id", "c1");
    HttpResponse<String> second = post("[2]", "Changes-Id", "c2", "Previous-Changes-Id", "c1");

    // Then
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.headers().firstValue("Location"))
        .contains("https://broker.test" + resource(uri).replace("%3A", ":"));
    assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    assertThat(header(second, "Changes-Id")).startsWith("chk_").isNotEqualTo("c2");
    assertThat(json(second).getString("changes_id")).isEqualTo(header(second, "Changes-Id"));
    assertThat(json(second).getString("id")).startsWith("msg_");
    assertThat(link(second, "changes-callback")).endsWith("/changes-subscriptions/");
    assertThat(changesLink(second)).endsWith("?after=" + header(second, "Changes-Id"));
  }

  @Rule("PUSH-3")
  @Test
  void changesThatDoNotFollowAreRefusedWithTheIdThatTheyHadToName() {
    // Given
    post("[1]", "Changes-Id", "c1");
    next(2, "[2]");

    // When
    HttpResponse<String> none = post("[3]", "Changes-Id", "c3");
    HttpResponse<String> old = post("[3]", "Changes-Id", "c3", "Previous-Changes-Id", "c1");

    // Then
    for (HttpResponse<String> each : List.of(none, old)) {
      assertThat(each.statusCode()).isEqualTo(409);
      assertThat(header(each, "Previous-Changes-Id")).isEqualTo("c2");
      assertThat(json(each).getString("code")).isEqualTo("out_of_chain");
      assertThat(json(each).getString("detail")).contains("c2");
    }
    assertThat(next(3, "[3]").statusCode()).isEqualTo(200);
  }

  @Rule({"PUSH-3", "PUSH-7"})
  @Test
  void aRepeatWithTheSameKeyIsNotOutOfTheChain() {
    // Given
    post("[1]", "Changes-Id", "c1");
    String[] once = {
      "Changes-Id", "c2", "Previous-Changes-Id", "c1", "Idempotency-Key", "once-" + uri
    };
    HttpResponse<String> first = post("[2]", once);
    next(3, "[3]");

    // When
    HttpResponse<String> again = post("[2]", once);
    HttpResponse<String> other = post("[other]", once);

    // Then
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(json(again).getString("id")).isEqualTo(json(first).getString("id"));
    assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
    assertThat(other.statusCode()).isEqualTo(422);
  }

  @Rule({"PUSH-3", "PUSH-7"})
  @Test
  void everyFaultOfChangesIsNamedAndNothingIsAccepted() {
    // When
    HttpResponse<String> faulty =
        broker.post(
            resource(uri) + "/changes", origin, "nonsense", "x", "Previous-Changes-Id", " ");
    HttpResponse<String> digest =
        post("[1]", "Changes-Id", "c1", "Content-Digest", "sha-256=:AAAA:");

    // Then
    assertThat(faulty.statusCode()).isEqualTo(400);
    assertThat(
            json(faulty).getJsonArray("errors").stream()
                .map(JsonObject.class::cast)
                .map(each -> each.getString("pointer") + " " + each.getString("code")))
        .contains("header/Content-Type malformed", "header/Changes-Id missing");
    assertThat(digest.statusCode()).isEqualTo(400);
    assertThat(get().statusCode()).isEqualTo(404);
    assertThat(broker.post(resource(uri) + "/changes", consumer, JSON, "[]").statusCode())
        .isEqualTo(403);
  }

  // --- GET and HEAD of a collection ---

  @Rule({"DISC-1", "DLV-4"})
  @Test
  void aCollectionThatNeverHadAValueIsEmptyAndSaysWhereItsChainStands() {
    // Given
    HttpResponse<String> posted = post("[1]", "Changes-Id", "c1");

    // When
    HttpResponse<String> got = get();
    HttpResponse<String> headed = head(resource(uri));

    // Then
    assertThat(got.statusCode()).isEqualTo(204);
    assertThat(got.body()).isEmpty();
    assertThat(header(got, "Changes-Id")).isEqualTo(header(posted, "Changes-Id"));
    assertThat(headed.statusCode()).isEqualTo(204);
    for (String name : List.of("Link", "Changes-Id", "LiveResource-Property", "ETag")) {
      assertThat(headed.headers().allValues(name)).isEqualTo(got.headers().allValues(name));
    }
  }

  @Rule({"CH-1", "CH-2", "CH-3"})
  @Test
  void theChangesLinkLeadsToEverythingAfterItAndToTheNextLink() {
    // Given
    post("[{\"id\":\"1\"}]", "Changes-Id", "c1");
    HttpResponse<String> known = get();
    next(2, "[{\"id\":\"2\"},{\"id\":\"3\"}]");
    next(3, " [ ] ");
    HttpResponse<String> last = next(4, "[{\"id\":\"2\",\"deleted\":true}]");

    // When
    HttpResponse<String> changes = follow(known);

    // Then
    assertThat(changes.statusCode()).isEqualTo(200);
    assertThat(changes.body())
        .isEqualTo("[{\"id\":\"2\"},{\"id\":\"3\"},{\"id\":\"2\",\"deleted\":true}]");
    assertThat(header(changes, "Content-Type")).isEqualTo(JSON);
    assertThat(header(changes, "Changes-Id")).isEqualTo(header(last, "Changes-Id"));
    assertThat(changesLink(changes)).isEqualTo(changesLink(last));
    assertThat(link(changes, "\"http://liveresource.org/protocol/changes\""))
        .isEqualTo(changesLink(changes));
    HttpResponse<String> nothing = follow(changes);
    assertThat(nothing.statusCode()).isEqualTo(200);
    assertThat(nothing.body()).isEqualTo("[]");
    assertThat(changesLink(nothing)).isEqualTo(changesLink(changes));
    HttpResponse<String> head = head(changesLink(known));
    assertThat(header(head, "Changes-Id")).isEqualTo(header(changes, "Changes-Id"));
    assertThat(header(head, "Content-Length")).isEqualTo("" + changes.body().length());
  }

  @Rule({"CH-6", "CH-7"})
  @Test
  void whatIsNoArrayGoesOneByOneWithALinkThatAnswersAtOnce() {
    // Given
    post("first", "Changes-Id", "c1");
    HttpResponse<String> known = get();
    broker.post(
        resource(uri) + "/changes",
        origin,
        "application/json-patch",
        "-a",
        "Changes-Id",
        "c2",
        "Previous-Changes-Id",
        "c1");
    next(3, "{\"one\":1}");
    next(4, "[4]");
    next(5, "[5]");
    next(6, "[6");

    // When
    List<String> bodies = new ArrayList<>();
    HttpResponse<String> at = follow(known);
    for (int i = 0; i < 4; i++) {
      bodies.add(header(at, "Content-Type") + " " + at.body());
      at = follow(at);
    }

    // Then
    assertThat(bodies)
        .containsExactly(
            "application/json-patch -a",
            "application/json {\"one\":1}",
            "application/json [4,5]",
            "application/json [6");
    assertThat(follow(at).statusCode()).isEqualTo(200);
  }

  @Rule({"CH-6", "CH-7"})
  @Test
  void aPageHasAMebibyteAtMost() {
    // Given
    post("[0]", "Changes-Id", "c1");
    HttpResponse<String> at = get();
    String element = "\"" + "x".repeat(60_000) + "\"";
    for (int i = 2; i < 22; i++) {
      next(i, "[" + element + "]");
    }

    // When
    List<Integer> elements = new ArrayList<>();
    for (HttpResponse<String> page = follow(at); !page.body().equals("[]"); page = follow(page)) {
      assertThat(page.body().length()).isLessThan(1 << 20);
      elements.add(TestBroker.array(page).size());
    }

    // Then
    assertThat(elements).containsExactly(17, 3);
  }

  @Rule("CH-5")
  @Test
  void aCheckpointThatLeadsNowhereIsNotFound() {
    // Given
    post("[1]", "Changes-Id", "c1");
    next(2, "[2]");
    HttpResponse<String> before = broker.get(resource(uri) + "?after=chk_0000000000000", consumer);
    DATABASE.execute(
        "delete from update_log u using resource r where r.id = u.resource_id and r.uri = '"
            + uri
            + "' and u.changes_id = 'c1'");

    // When
    HttpResponse<String> old = broker.get(resource(uri) + "?after=chk_0000000000000", consumer);
    HttpResponse<String> odd = broker.get(resource(uri) + "?after=c41", consumer);
    HttpResponse<String> future = broker.get(resource(uri) + "?after=chk_7zzzzzzzzzzzz", consumer);

    // Then: retention took c1, so nothing tells what came after the start any more
    assertThat(before.body()).isEqualTo("[1,2]");
    assertThat(List.of(old.statusCode(), odd.statusCode(), future.statusCode()))
        .containsExactly(404, 404, 404);
    assertThat(follow(get()).body()).isEqualTo("[]");
  }

  // --- PUT and DELETE of a collection ---

  @Rule({"PUSH-3", "CH-5", "DLV-5"})
  @Test
  void aValueBreaksTheChainWhereEverybodySeesIt() {
    // Given
    post("[1]", "Changes-Id", "c1");
    HttpResponse<String> before = get();

    // When
    HttpResponse<String> put = broker.put(uri, origin, "the whole");
    HttpResponse<String> after = post("[3]", "Changes-Id", "c3", "Previous-Changes-Id", "c2");

    // Then
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(header(put, "Changes-Id")).isNotEqualTo(header(before, "Changes-Id"));
    assertThat(after.statusCode()).as(after.body()).isEqualTo(200);
    assertThat(follow(before).statusCode()).isEqualTo(404);
    HttpResponse<String> fresh = get();
    assertThat(fresh.statusCode()).isEqualTo(200);
    assertThat(fresh.body()).isEqualTo("the whole");
    assertThat(header(fresh, "Changes-Id")).isEqualTo(header(put, "Changes-Id"));
    assertThat(follow(fresh).body()).isEqualTo("[3]");
  }

  @Rule({"PUSH-1", "PUSH-3"})
  @Test
  void aValueMaySayUpToWhichChangesItGoes() {
    // Given
    post("[1]", "Changes-Id", "c1");

    // When
    broker.put(uri, origin, "the whole", "Changes-Id", "c7");

    // Then
    assertThat(post("[2]", "Changes-Id", "c2", "Previous-Changes-Id", "c1").statusCode())
        .isEqualTo(409);
    assertThat(next(8, "[8]").statusCode()).isEqualTo(200);
  }

  @Rule({"PUSH-2", "GAP-22", "DISC-1"})
  @Test
  void aDeletedCollectionIsNotFoundAndStillDiscovered() {
    // Given
    post("[1]", "Changes-Id", "c1");
    HttpResponse<String> before = get();

    // When
    HttpResponse<String> deleted = broker.delete(resource(uri), origin);

    // Then
    assertThat(deleted.statusCode()).isEqualTo(200);
    HttpResponse<String> gone = get();
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(link(gone, "changes-callback")).endsWith("/changes-subscriptions/");
    assertThat(link(gone, "value-callback")).endsWith("/subscriptions/");
    assertThat(follow(before).statusCode()).isEqualTo(404);
    assertThat(post("[2]", "Changes-Id", "n1").statusCode()).isEqualTo(201);
    assertThat(get().statusCode()).isEqualTo(204);
  }

  @Test
  void anObjectThatGetsChangesBecomesACollectionThatGoesOnFromItsValue() {
    // Given
    broker.put(uri, origin, "the whole");
    assertThat(header(get(), "Changes-Id")).isEmpty();

    // When
    HttpResponse<String> first = post("[1]", "Changes-Id", "c1");

    // Then
    assertThat(first.statusCode()).isEqualTo(200);
    HttpResponse<String> value = get();
    assertThat(value.body()).isEqualTo("the whole");
    assertThat(follow(value).body()).isEqualTo("[1]");
  }

  @Test
  void aValueThatItsChangesDoNotLeadOnFromAnyMoreIsNotShown() {
    // Given
    broker.put(uri, origin, "the whole");
    post("[1]", "Changes-Id", "c1");
    HttpResponse<String> last = next(2, "[2]");

    // When retention takes the value
    DATABASE.execute(
        "delete from update_log u using resource r where r.id = u.resource_id and r.uri = '"
            + uri
            + "' and u.kind = 0");

    // Then
    assertThat(get().statusCode()).isEqualTo(204);
    assertThat(header(get(), "Changes-Id")).isEqualTo(header(last, "Changes-Id"));
  }

  @Rule({"DISC-1", "DISC-2", "DISC-3", "DISC-5", "DISC-6", "DISC-10", "DISC-11"})
  @Test
  void theLinksOfACollectionAreReadBySplittingAlsoWhenAProxyJoinsThem() {
    // Given
    post("[1]", "Changes-Id", "c1");
    String self = "https://broker.test" + resource(uri).replace("%3A", ":");
    String protocol = "\"http://liveresource.org/protocol/";

    // When
    HttpResponse<String> got = get();
    String joined = String.join(", ", got.headers().allValues("Link"));

    // Then
    String after = self + "?after=" + header(got, "Changes-Id");
    assertThat(joined.split(", ", -1))
        .containsExactlyInAnyOrder(
            "<" + self + ">; rel=\"self\"",
            "<" + uri + ">; rel=\"canonical\"",
            "<" + self + "/subscriptions/>; rel=value-callback",
            "<" + self + "/subscriptions/>; rel=" + protocol + "callbacks\"",
            "<" + self + "/changes-subscriptions/>; rel=changes-callback",
            "<" + self + "/changes-subscriptions/>; rel=" + protocol + "changes-callbacks\"",
            "<" + after + ">; rel=changes",
            "<" + after + ">; rel=" + protocol + "changes\"",
            "<https://broker.test/acme/hooks/>; rel=" + protocol + "multiplex-callbacks\"");
    assertThat(header(got, "LiveResource-Property")).isEqualTo("multiplex=callbacks");
  }
}
