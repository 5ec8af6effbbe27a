package io.livehook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class PeersTest {
  private static InetAddress address(String literal) throws Exception {
    return InetAddress.getByName(literal);
  }

  @Test
  void eachPeerHasItsShareAndTheNodeItsLimit() throws Exception {
    // Given
    Peers peers = new Peers(3, 2);

    // When, Then
    assertThat(peers.enter(address("192.0.2.1"))).isEqualTo(Peers.Entry.ADMITTED);
    assertThat(peers.enter(address("192.0.2.1"))).isEqualTo(Peers.Entry.ADMITTED);
    assertThat(peers.enter(address("192.0.2.1"))).isEqualTo(Peers.Entry.PEER_FULL);
    assertThat(peers.enter(address("192.0.2.2"))).isEqualTo(Peers.Entry.ADMITTED);
    assertThat(peers.enter(address("192.0.2.3"))).isEqualTo(Peers.Entry.NODE_FULL);
    peers.leave(address("192.0.2.1"));
    assertThat(peers.enter(address("192.0.2.3"))).isEqualTo(Peers.Entry.ADMITTED);
  }

  @Test
  void addressesOfOneIpv6NetworkAreOnePeer() throws Exception {
    // Given
    Peers peers = new Peers(10, 2);

    // When, Then
    assertThat(peers.enter(address("2001:db8:1:2::1"))).isEqualTo(Peers.Entry.ADMITTED);
    assertThat(peers.enter(address("2001:db8:1:2:ffff::9"))).isEqualTo(Peers.Entry.ADMITTED);
    assertThat(peers.enter(address("2001:db8:1:2::3"))).isEqualTo(Peers.Entry.PEER_FULL);
    assertThat(peers.enter(address("2001:db8:1:3::1"))).isEqualTo(Peers.Entry.ADMITTED);
  }

  @Test
  void whoHasLeftIsForgotten() throws Exception {
    // Given
    Peers peers = new Peers(10, 2);

    // When
    for (int i = 0; i < 100; i++) {
      assertThat(peers.enter(address("192.0.2." + i))).isEqualTo(Peers.Entry.ADMITTED);
      peers.leave(address("192.0.2." + i));
    }

    // Then
    assertThat(peers.open()).isZero();
    assertThat(peers.peers()).isZero();
  }
}
