package io.livehook.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R6 and ADR 7: under load a batch waits for more pushes while they come, and not for long. */
class GatheringTest {
  private static final int CROWD = 20;
  private static final int THREE_QUARTERS = 15;

  private final Database world = new Database();

  @Test
  void aMomentWithoutANewPushSendsTheBatch() {
    // Given
    world.commitCrowd();
    world.push(5);
    assertThat(world.sent).isEmpty();
    assertThat(world.wakeAt).isEqualTo(world.now);

    // When
    world.moment();
    world.push(3);
    world.moment();
    assertThat(world.sent).isEmpty();
    world.moment();

    // Then
    assertThat(world.sizes()).containsExactly(8);
  }

  @Test
  void threeQuartersOfTheLastCrowdGoWithoutWaiting() {
    // Given
    world.commitCrowd();

    // When
    world.push(THREE_QUARTERS - 1);
    assertThat(world.sent).isEmpty();
    world.push(1);

    // Then
    assertThat(world.sizes()).containsExactly(THREE_QUARTERS);
  }

  @Test
  void whoKeepsComingIsWaitedForFiveMillisecondsAtMost() {
    // Given
    world.commitCrowd();
    world.push(1);

    // When
    int moments = 0;
    while (world.sent.isEmpty()) {
      world.now++;
      moments++;
      world.push(1);
      world.moment();
    }

    // Then
    assertThat(moments).isEqualTo(5);
  }

  @Test
  void aFewOriginsNeverWait() {
    // Given
    world.push(1);
    world.push(Limits.GATHER_FROM - 2);
    world.commit();
    world.commit();

    // When
    world.push(1);

    // Then
    assertThat(world.sizes()).containsExactly(1);
  }

  /** Appends are committed by the test. */
  private static final class Database extends InstantOrders {
    final ArrayDeque<AppendBatch> sent = new ArrayDeque<>();

    Database() {
      super(LaneIds.EPOCH + 1_000);
      adoptNothing();
    }

    void push(int pushes) {
      for (int i = 0; i < pushes; i++) {
        push(new byte[] {1});
      }
    }

    /** One push, and all others of the crowd behind it; then all are in the log. */
    void commitCrowd() {
      push(1);
      push(CROWD);
      commit();
      assertThat(sizes()).containsExactly(CROWD);
      commit();
    }

    void commit() {
      owner.appended(sent.remove(), new AppendBatch.Result(null), now);
      drain();
    }

    void moment() {
      wakeAt = Long.MAX_VALUE;
      owner.awake(now);
      drain();
    }

    List<Integer> sizes() {
      List<Integer> sizes = new ArrayList<>();
      sent.forEach(each -> sizes.add(each.lines().size()));
      return sizes;
    }

    @Override
    public void append(AppendBatch batch) {
      sent.add(batch);
    }

    @Override
    public void connect(Subscription subscription) {
      throw new AssertionError("nobody is subscribed");
    }
  }
}
