package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hot path allocates little: an update, a delivery and its attempt, and nothing per step. */
class AllocationTest {
  private static final int FANOUT = 10;
  private static final int MOST_BYTES_PER_DELIVERY = 400;

  @Test
  void aDeliveryAllocatesLessThan400BytesInTheLane() {
    // Given
    Instant world = new Instant();
    world.run(20_000);

    // When
    long before = allocated();
    world.run(20_000);
    long perDelivery = (allocated() - before) / (20_000L * FANOUT);

    // Then
    System.out.println("lane: " + perDelivery + " bytes per delivery at fan-out " + FANOUT);
    assertThat(world.delivered).isEqualTo(40_000L * FANOUT);
    assertThat(perDelivery).isLessThan(MOST_BYTES_PER_DELIVERY);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** A world in which deliveries end at once, too. */
  private static final class Instant extends InstantOrders {
    private final List<Subscription> connecting = new ArrayList<>();
    private final byte[] body = new byte[1024];
    long delivered;

    Instant() {
      super(LaneIds.EPOCH + 1_000);
      adoptNothing();
      push(body);
      for (int i = 0; i < FANOUT; i++) {
        subscribe("h" + i, "c" + i);
      }
    }

    void run(int updates) {
      for (int i = 0; i < updates; i++) {
        push(body);
        if (i % 10 == 9) {
          now += 3;
          if (wakeAt <= now) {
            wakeAt = Long.MAX_VALUE;
            owner.awake(now);
            drain();
          }
        }
      }
    }

    @Override
    void drain() {
      for (; ; ) {
        if (!connecting.isEmpty()) {
          Delivery delivery = owner.connected(connecting.remove(connecting.size() - 1), now);
          if (delivery != null) {
            delivered++;
            owner.ended(delivery, Outcome.Delivered.INSTANCE, ANSWER, false, now);
          }
        } else if (!facts.isEmpty()) {
          facts.remove().run();
        } else {
          return;
        }
      }
    }

    @Override
    public void connect(Subscription subscription) {
      connecting.add(subscription);
    }
  }
}
