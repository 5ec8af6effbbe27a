package io.livehook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SSRF-1 to SSRF-16 of reliability.md §5.1: a first table of what may never be connected to. */
class AddressCheckTest {
  private final AddressCheck check = AddressCheck.publicOnly(false);

  private static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "169.254.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "168.63.129.16",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.175.48.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.2",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:20::1",
        "2001:2::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "100:0:0:1::1",
        "5f00::1",
        "2620:4f:8000::1",
        "4000::1"
      })
  void specialAddressesAreForbidden(String literal) throws Exception {
    assertThat(check.allows(address(literal))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "168.63.129.17",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "126.255.255.255",
        "128.0.0.0",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
        "2001:4860:4860::8888",
        "2620:4e::1",
        "3ffe::1"
      })
  void publicAddressesAreAllowed(String literal) throws Exception {
    assertThat(check.allows(address(literal))).isTrue();
  }

  @Test
  void loopbackAloneIsAllowedWhenAskedFor() throws Exception {
    AddressCheck dev = AddressCheck.publicOnly(true);
    assertThat(dev.allows(address("127.0.0.1"))).isTrue();
    assertThat(dev.allows(address("::1"))).isTrue();
    assertThat(dev.allows(address("10.0.0.1"))).isFalse();
    assertThat(dev.allows(address("0.0.0.0"))).isFalse();
    assertThat(dev.allows(address("169.254.169.254"))).isFalse();
  }
}
