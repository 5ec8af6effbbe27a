package io.livehook.it;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.checker.Checker;
import io.livehook.it.checker.Verdict;
import io.livehook.it.crash.CheckedLedger;
import io.livehook.it.http.Pump;
import io.livehook.it.load.Pace;
import io.livehook.it.load.Publishers;
import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.receiver.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A clean stop hands everything over: no loss and, unlike a kill, no duplicate either. */
class GracefulStopIT {
  private static final int RESOURCES = 100;

  @Test
  void aStopUnderLoadExitsWithZeroAndRepeatsNothing() {
    Checker checker = new Checker();
    Random delays = new Random(1);
    try (Receiver receiver =
            new Receiver(
                any -> new Receiver.Reply(204, Duration.ofMillis(1 + delays.nextInt(20))),
                checker::arrived);
        Scene scene = Scene.open("graceful-stop", "LIVEHOOK_NODE_NAME", "graceful")) {
      // Given
      subscribe(scene, receiver, checker);
      Publishers publishers =
          new Publishers(
              scene.target, RESOURCES, 32, true, Pace.rate(500), new CheckedLedger(checker));
      List<Integer> exits = new ArrayList<>();

      // When
      try (Pump pump = publishers.start("publishers", scene.target.port())) {
        for (int stop = 0; stop < 3; stop++) {
          long before = publishers.acknowledged();
          eventually(
              "updates are accepted",
              Duration.ofSeconds(20),
              () -> publishers.acknowledged() > before + 500);
          after(Duration.ofMillis(100 + delays.nextInt(300)));
          exits.add(scene.broker.stop(Duration.ofSeconds(35)));
          scene.broker.start();
        }
        publishers.pause();
        eventually(
            () -> checker.outstanding() + " are outstanding",
            Duration.ofSeconds(30),
            () -> publishers.open() == 0 && checker.outstanding() == 0);
      }

      // Then
      Verdict verdict = checker.verdict();
      assertThat(exits).containsExactly(0, 0, 0);
      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.counts().duplicates()).isZero();
    }
  }

  private static void subscribe(Scene scene, Receiver receiver, Checker checker) {
    List<Subscriber.Wish> wishes = new ArrayList<>();
    for (int resource = 0; resource < RESOURCES; resource++) {
      for (int i = 0; i < 4; i++) {
        String path = "/r/" + resource + "/s/" + i;
        wishes.add(new Subscriber.Wish(Target.uri(resource), receiver.callback(path), ""));
      }
    }
    for (Subscriber.Subscription made : Subscriber.subscribe(scene.target, wishes, 16)) {
      String path = made.wish().callback().substring(receiver.callback("").length());
      receiver.trust(path, made.secret());
      checker.subscribed(path, made.wish().resource());
    }
  }
}
