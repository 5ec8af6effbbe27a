package io.livehook.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table is the registries, whole, and finds what they hold (GEN-2). */
class AddressTableTest {
  /** The IANA IPv4 Special-Purpose Address Registry, last updated 2025-10-09. */
  private static final String IPV4 =
      """
      0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
      192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32
      192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.88.99.2/32
      192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4
      255.255.255.255/32
      """;

  /** The IANA IPv6 Special-Purpose Address Registry, last updated 2025-10-09. */
  private static final String IPV6 =
      """
      ::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23
      2001::/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48
      2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
      5f00::/16 fc00::/7 fe80::/10
      """;

  private static final AddressTable TABLE = AddressTable.SPECIAL;

  private static List<AddressBlock> blocks(String text) {
    return Arrays.stream(text.strip().split("\\s+"))
        .map(AddressBlock::parse)
        .map(java.util.Objects::requireNonNull)
        .toList();
  }

  private static List<AddressBlock> rows(String registry) {
    return TABLE.rows().stream()
        .filter(row -> row.registry().equals(registry))
        .map(AddressTable.Row::block)
        .toList();
  }

  @Test
  void theRegistriesAreComplete() {
    assertThat(rows("ipv4")).containsExactlyInAnyOrderElementsOf(blocks(IPV4));
    assertThat(rows("ipv6")).containsExactlyInAnyOrderElementsOf(blocks(IPV6));
  }

  @Test
  void everyRowSaysWhoSaysSo() {
    assertThat(TABLE.rows())
        .allSatisfy(
            row -> {
              assertThat(row.name()).isNotBlank();
              assertThat(row.source())
                  .matches(row.registry().equals("platform") ? ".* documentation" : "RFC .*");
            });
    assertThat(TABLE.rows().stream().map(AddressTable.Row::registry).distinct())
        .containsExactlyInAnyOrder("ipv4", "ipv6", "space", "platform");
  }

  // --- GEN-2 ---

  /** Judged with nothing but big numbers, from the text of the registries and U6. */
  private static final class Oracle {
    private final List<BigInteger[]> ranges = new ArrayList<>();

    Oracle(boolean v6) {
      List<AddressBlock> all = new ArrayList<>(blocks(v6 ? IPV6 : IPV4));
      all.addAll(blocks(v6 ? "::/3 4000::/2 8000::/1" : "224.0.0.0/4 168.63.129.16"));
      for (AddressBlock each : all) {
        BigInteger first = number(each.first());
        BigInteger size = BigInteger.ONE.shiftLeft((v6 ? 128 : 32) - each.length());
        ranges.add(new BigInteger[] {first, first.add(size).subtract(BigInteger.ONE)});
      }
    }

    boolean forbids(BigInteger address) {
      return ranges.stream()
          .anyMatch(each -> each[0].compareTo(address) <= 0 && each[1].compareTo(address) >= 0);
    }
  }

  private static BigInteger number(IpAddress address) {
    return unsigned(address.high()).shiftLeft(64).add(unsigned(address.low()));
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  private static IpAddress address(boolean v6, BigInteger number) {
    return new IpAddress(v6, number.shiftRight(64).longValue(), number.longValue());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gen2EveryEdgeIsWhereTheRegistriesHaveIt(boolean v6) {
    // Given
    Oracle oracle = new Oracle(v6);
    BigInteger most = BigInteger.ONE.shiftLeft(v6 ? 128 : 32).subtract(BigInteger.ONE);
    TreeSet<BigInteger> edges = new TreeSet<>();
    for (BigInteger[] range : oracle.ranges) {
      for (BigInteger edge : range) {
        edges.add(edge.subtract(BigInteger.ONE).max(BigInteger.ZERO));
        edges.add(edge);
        edges.add(edge.add(BigInteger.ONE).min(most));
      }
    }

    // Then
    for (BigInteger each : edges) {
      IpAddress address = address(v6, each);
      assertThat(TABLE.contains(address)).as(address.toString()).isEqualTo(oracle.forbids(each));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void gen2RandomAddressesAgreeWithTheOracle(long seed) {
    Random random = new Random(seed);
    for (boolean v6 : new boolean[] {false, true}) {
      Oracle oracle = new Oracle(v6);
      for (int i = 0; i < 20_000; i++) {
        BigInteger number = new BigInteger(v6 ? 128 : 32, random);
        if (v6 && random.nextBoolean()) { // more of them where there is something to tell apart
          number = number.clearBit(127).clearBit(126).setBit(125);
        }
        IpAddress address = address(v6, number);
        assertThat(TABLE.contains(address))
            .as(seed + ": " + address)
            .isEqualTo(oracle.forbids(number) || address.isatap());
      }
    }
  }

  @Test
  void gen2EveryEmbeddingOfEveryAddressIsForbidden() {
    Guard guard = new Guard(GuardPolicy.STRICT.withLiterals());
    List<String> quads =
        TABLE.rows().stream()
            .filter(row -> !row.block().first().v6())
            .map(row -> row.block().first().toString())
            .collect(Collectors.toCollection(ArrayList::new));
    quads.addAll(List.of("8.8.8.8", "1.1.1.1", "223.255.255.255"));
    for (String quad : quads) {
      long bits = java.util.Objects.requireNonNull(IpAddress.parse(quad)).low();
      String hex = Long.toHexString(bits >>> 16) + ":" + Long.toHexString(bits & 0xffff);
      String inverted =
          Long.toHexString(~bits >>> 16 & 0xffff) + ":" + Long.toHexString(~bits & 0xffff);
      for (String each :
          List.of(
              "::" + quad,
              "::ffff:" + quad,
              "64:ff9b::" + hex,
              "64:ff9b:1::" + hex,
              "2002:" + hex + "::1",
              "2001:0:" + hex + "::" + inverted,
              "2606:4700::5efe:" + hex,
              "2606:4700::200:5efe:" + hex)) {
        assertThat(guard.check("https://[" + each + "]/"))
            .as(each)
            .isInstanceOf(Guard.Refused.class);
      }
    }
  }

  // --- text ---

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void whatTheJdkWritesIsReadBack(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = random.nextInt(3) == 0 ? 0 : bytes[j];
      }
      InetAddress jdk = InetAddress.getByAddress(bytes);
      IpAddress read = IpAddress.parse(jdk.getHostAddress());
      assertThat(read).as(jdk.getHostAddress()).isEqualTo(IpAddress.of(jdk));
      assertThat(java.util.Objects.requireNonNull(read).toInetAddress()).isEqualTo(jdk);
    }
  }
}
