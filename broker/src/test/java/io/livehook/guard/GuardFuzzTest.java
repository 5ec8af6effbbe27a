package io.livehook.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** GEN-1, see {@link GuardFuzz}. More of it: {@code make fuzz}. */
class GuardFuzzTest {
  private static final int RUNS = 60_000;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 4);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gen1WhatPassesMeansTheSameToEveryone(long seed) throws Exception {
    GuardFuzz fuzz = new GuardFuzz();
    Random random = new Random(seed);
    int passed = 0;
    for (int i = 0; i < RUNS; i++) {
      passed += fuzz.check(fuzz.generate(random)) ? 1 : 0;
    }
    assertThat(passed).as("reached at least once").isGreaterThan(RUNS / 500);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aListReadFromItsOwnEntriesIsTheSame(long seed) throws UnknownHostException {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      IpAddress address = IpAddress.of(InetAddress.getByAddress(bytes));
      String list =
          LongStream.of(1, 2).mapToObj(n -> address + "").collect(Collectors.joining(","));
      assertThat(GuardList.parse(list).hasExactly(address)).as(list).isTrue();
    }
  }
}
