package io.livehook.it;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.livehook.it.http.Server;
import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.process.BrokerProcess;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * ADM-13, INF-7: the broker is killed in the middle of deleting a tenant. The restart goes on with
 * it by itself, and nothing of the tenant is delivered after the deletion was acknowledged.
 */
class TenantDeletionCrashIT {
  private static final int RESOURCES = 100;
  private static final int EACH = 40;
  private static final int ALL = RESOURCES * EACH;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void aDeletionThatIsKilledMidwayGoesOnAfterTheRestart() {
    AtomicInteger arrivals = new AtomicInteger();
    try (Server receiver = new Server("refusing", 0, request -> refuse(request, arrivals));
        Scene scene =
            Scene.open(
                "tenant-deletion",
                "LIVEHOOK_RETRY_SCHEDULE",
                "1,".repeat(60) + "1",
                "LIVEHOOK_BREAKER_FAILURES",
                "1000")) {
      // Given: a tenant with many subscriptions, each with a delivery that is tried again and again
      BrokerProcess.Keys keys = scene.broker.createTenant("doomed");
      Target doomed = new Target(scene.broker.port(), keys);
      String operator = operator(scene);
      push(scene, doomed);
      subscribe(doomed, receiver.port());
      push(scene, doomed);
      eventually("they hear of it", LIMIT, () -> arrivals.get() > ALL);

      // When: deleted, and killed as soon as some of it is done
      assertThat(delete(scene, operator)).isEqualTo(202);
      eventually("some have ended", LIMIT, () -> standing(scene) < ALL);
      scene.broker.kill();
      long left = standing(scene);
      scene.broker.start();

      // Then: it may be asked for again, goes on by itself, and is silent at its end
      assertThat(left).as("killed midway").isPositive();
      assertThat(push(scene, doomed)).containsOnly(401);
      assertThat(delete(scene, operator)).isEqualTo(202);
      eventually(() -> standing(scene) + " are left", LIMIT, () -> standing(scene) == 0);
      int heard = arrivals.get();
      after(Duration.ofSeconds(3));
      assertThat(arrivals.get()).as("nothing after the end").isEqualTo(heard);
      assertThat(count(scene, "from retry")).as("nothing is owed any more").isZero();
    }
  }

  private static void refuse(Server.Request request, AtomicInteger arrivals) {
    arrivals.incrementAndGet();
    request.raw("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
  }

  private static void subscribe(Target doomed, int port) {
    List<Subscriber.Wish> wishes = new ArrayList<>();
    for (int resource = 0; resource < RESOURCES; resource++) {
      for (int i = 0; i < EACH; i++) {
        String callback = "http://127.0.0.1:" + port + "/" + resource + "/" + i;
        wishes.add(new Subscriber.Wish(Target.uri(resource), callback, ""));
      }
    }
    assertThat(Subscriber.subscribe(doomed, wishes, 16)).hasSize(wishes.size());
  }

  /** The statuses of one update to each resource. */
  private static List<Integer> push(Scene scene, Target doomed) {
    List<Integer> statuses = new ArrayList<>();
    for (int resource = 0; resource < RESOURCES; resource++) {
      statuses.add(
          scene
              .send(
                  scene
                      .request(doomed.path(Target.uri(resource)), doomed.keys().origin())
                      .header("Content-Type", "text/plain")
                      .PUT(HttpRequest.BodyPublishers.ofByteArray("x".getBytes(UTF_8))))
              .statusCode());
    }
    return statuses;
  }

  private static String operator(Scene scene) {
    return scene
        .broker
        .run("key", "create", "--tenant", "it", "--role", "operator", "--scope", "*")
        .lines()
        .filter(line -> line.startsWith("lh_"))
        .findFirst()
        .orElseThrow();
  }

  private static int delete(Scene scene, String operator) {
    JsonNode list = Scene.json(scene.get("/api/v1/tenants", operator).body());
    String id = "";
    for (JsonNode each : list.path("data")) {
      id = each.path("slug").asText().equals("doomed") ? each.path("id").asText() : id;
    }
    return scene.send(scene.request("/api/v1/tenants/" + id, operator).DELETE()).statusCode();
  }

  private static long standing(Scene scene) {
    return count(scene, "from subscription where status <> 'ended'");
  }

  private static long count(Scene scene, String from) {
    try (Connection connection = scene.postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) " + from)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
