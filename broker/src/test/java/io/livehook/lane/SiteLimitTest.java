package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SUB-4 and R13: a registrable domain has a limit whatever the number of its hosts. */
class SiteLimitTest {
  private static final int PER_HOST = Limits.DEFAULT.runningPerHost();
  private static final int PER_SITE = Limits.DEFAULT.runningPerSite();

  @Test
  void aThousandHostsOfOneDomainTakeItsLimitAndNoMore() {
    // Given
    Waiting world = new Waiting();
    for (int i = 0; i < 1_000; i++) {
      world.subscribe("evil.com https://h" + i + ".evil.com:443", "https://h" + i + ".evil.com/");
    }
    world.subscribe("good.com https://good.com:443", "https://good.com/");

    // When
    world.push();

    // Then
    assertThat(world.connecting).hasSize(PER_SITE + 1);
    assertThat(world.connecting.getLast().callback.uri).isEqualTo("https://good.com/");
  }

  @Test
  void theHostsOfADomainTakeTurnsUntilAllIsDelivered() {
    // Given
    Waiting world = new Waiting();
    for (int i = 0; i < 1_000; i++) {
      world.subscribe("evil.com https://h" + i % 500 + ".evil.com:443", "https://h.evil.com/" + i);
    }
    world.push();

    // When
    int most = 0;
    while (!world.connecting.isEmpty()) {
      most = Math.max(most, world.connecting.size());
      world.deliverOldest();
    }

    // Then
    assertThat(most).isEqualTo(PER_SITE);
    assertThat(world.delivered).hasSize(500).allSatisfy((host, n) -> assertThat(n).isEqualTo(2));
  }

  @Test
  void aHostKeepsItsOwnLimitWithinTheDomain() {
    // Given
    Waiting world = new Waiting();
    for (int i = 0; i < 2 * PER_HOST; i++) {
      world.subscribe("evil.com https://one.evil.com:443", "https://one.evil.com/" + i);
    }

    // When
    world.push();

    // Then
    assertThat(world.connecting).hasSize(PER_HOST);
  }

  /** A world in which connections wait for the test. */
  private static final class Waiting extends InstantOrders {
    final ArrayDeque<Subscription> connecting = new ArrayDeque<>();
    final Map<String, Integer> delivered = new HashMap<>();

    Waiting() {
      super(LaneIds.EPOCH + 1_000);
      adoptNothing();
      push();
    }

    void push() {
      push(new byte[] {1});
    }

    void deliverOldest() {
      Delivery delivery = owner.connected(connecting.remove(), now);
      if (delivery != null) {
        delivered.merge(delivery.subscription.callback.host.name, 1, Integer::sum);
        owner.ended(delivery, Outcome.Delivered.INSTANCE, ANSWER, false, now);
      }
      drain();
    }

    @Override
    public void connect(Subscription subscription) {
      connecting.add(subscription);
    }
  }
}
