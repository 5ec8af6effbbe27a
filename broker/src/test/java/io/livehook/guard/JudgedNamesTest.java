package io.livehook.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules U9 to U11: all addresses or none, kept for a bounded time. DNS is a script. */
class JudgedNamesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Deque<NameSource.Answer> asked = new ArrayDeque<>();
  private final List<Resolution> told = new ArrayList<>();
  private final JudgedNames names = names(GuardPolicy.STRICT);
  private int queries;

  private JudgedNames names(GuardPolicy policy) {
    return new JudgedNames(
        new Guard(policy),
        (name, answer) -> {
          queries++;
          asked.add(answer);
        },
        3);
  }

  private static List<InetAddress> addresses(String... literals) {
    return Arrays.stream(literals).map(JudgedNamesTest::address).toList();
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void find(String name, long second) {
    names.find(name, second * SECOND, told::add);
  }

  private void answer(Duration ttl, String... literals) {
    asked.remove().addresses(addresses(literals), ttl);
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8,CLEAN",
    "8.8.8.8 1.1.1.1,CLEAN",
    "8.8.8.8 2606:4700::1,CLEAN",
    "127.0.0.1,BLOCKED",
    "8.8.8.8 10.0.0.1,BLOCKED",
    "8.8.8.8 ::1,BLOCKED",
    "8.8.8.8 64:ff9b::808:808,BLOCKED",
    "2606:4700::1 169.254.169.254,BLOCKED",
  })
  void ssrf19And20AllAddressesAreCleanOrNoneIsUsed(String all, Resolution.Kind kind) {
    // When
    find("a.io", 0);
    answer(Duration.ofSeconds(30), all.split(" "));

    // Then
    assertThat(told).extracting(Resolution::kind).containsExactly(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8 64:ff9b::808:808,CLEAN,1",
    "64:ff9b::808:808,BLOCKED,0",
    "2606:4700::1 64:ff9b::808:808,BLOCKED,0",
    "10.0.0.1 64:ff9b::808:808,BLOCKED,0",
    "8.8.8.8 ::1 64:ff9b::808:808,BLOCKED,0",
  })
  void ssrf21ATranslatedAddressBesideACleanOneMayBePassedOver(
      String all, Resolution.Kind kind, int used) {
    // Given
    JudgedNames dropping = names(GuardPolicy.STRICT.withDropNat64());

    // When
    dropping.find("a.io", 0, told::add);
    answer(Duration.ZERO, all.split(" "));

    // Then
    assertThat(told.getFirst().kind()).isEqualTo(kind);
    assertThat(told.getFirst().size()).isEqualTo(used);
  }

  @Test
  void ssrf23ATtlOfZeroIsAskedForEachTimeAndJudgedAnew() {
    // When
    find("a.io", 0);
    answer(Duration.ZERO, "8.8.8.8");
    find("a.io", 0);
    answer(Duration.ZERO, "169.254.169.254");

    // Then
    assertThat(told)
        .extracting(Resolution::kind)
        .containsExactly(Resolution.Kind.CLEAN, Resolution.Kind.BLOCKED);
    assertThat(queries).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"5,4,1", "5,5,2", "86400,29,1", "86400,30,2"})
  void anAnswerIsKeptForItsTtlAndAtMost30Seconds(int ttl, int later, int expected) {
    // Given
    find("a.io", 0);
    answer(Duration.ofSeconds(ttl), "8.8.8.8");

    // When
    find("a.io", later);

    // Then
    assertThat(queries).isEqualTo(expected);
  }

  @Test
  void u10AFailureIsKeptForFiveSeconds() {
    // Given
    find("a.io", 0);
    asked.remove().none();

    // When
    find("a.io", 4);
    find("a.io", 5);

    // Then
    assertThat(told)
        .extracting(Resolution::kind)
        .containsExactly(Resolution.Kind.UNKNOWN, Resolution.Kind.UNKNOWN);
    assertThat(queries).isEqualTo(2);
  }

  @Test
  void thoseWhoAskMeanwhileShareTheAnswer() {
    // Given
    find("a.io", 0);
    find("a.io", 0);
    find("b.io", 0);

    // When
    answer(Duration.ZERO, "8.8.8.8");

    // Then
    assertThat(told).hasSize(2);
    assertThat(queries).isEqualTo(2);
  }

  @Test
  void theOldestNameIsForgottenFirst() {
    // Given
    for (String name : List.of("a.io", "b.io", "c.io", "d.io")) {
      find(name, 0);
      answer(Duration.ofSeconds(30), "8.8.8.8");
    }

    // When
    find("d.io", 1);
    find("a.io", 1);

    // Then
    assertThat(queries).isEqualTo(5);
    assertThat(told).hasSize(5);
  }

  @Test
  void anAnswerThatComesTwiceIsHeardOnce() {
    // Given
    find("a.io", 0);
    NameSource.Answer answer = asked.remove();
    answer.none();

    // When
    answer.addresses(addresses("8.8.8.8"), Duration.ofSeconds(30));

    // Then
    assertThat(told).extracting(Resolution::kind).containsExactly(Resolution.Kind.UNKNOWN);
  }

  @Test
  void anAddressThatFailedComesLast() {
    // Given
    find("a.io", 0);
    answer(Duration.ofSeconds(30), "8.8.8.8", "1.1.1.1");
    Resolution resolution = told.getFirst();

    // When
    resolution.failed("8.8.8.8");
    resolution.failed("8.8.8.8");

    // Then
    assertThat(resolution.address()).isEqualTo("1.1.1.1");
  }
}
