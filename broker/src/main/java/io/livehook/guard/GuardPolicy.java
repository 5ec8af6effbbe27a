package io.livehook.guard;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;

/**
 * What an installation asks of its guard. Immutable.
 *
 * @param http whether plain http is connected to
 * @param literals whether a URL may name a public address instead of a host
 * @param dropNat64 whether a translated address beside a clean IPv4 address is passed over (U9)
 * @param ownAddresses of this machine, which are not connected to
 * @param ownNames under which others reach us, which are not connected to
 */
public record GuardPolicy(
    boolean http,
    boolean literals,
    boolean dropNat64,
    GuardList allow,
    GuardList deny,
    Set<IpAddress> ownAddresses,
    Set<String> ownNames) {
  /** Public names over https only. */
  public static final GuardPolicy STRICT =
      new GuardPolicy(false, false, false, GuardList.EMPTY, GuardList.EMPTY, Set.of(), Set.of());

  /** For trying things out: http, any port, and this machine. */
  public static final GuardPolicy DEV =
      STRICT.withHttp().withAllow(GuardList.parse("127.0.0.0/8,::1,localhost,:*"));

  public GuardPolicy {
    ownAddresses = Set.copyOf(ownAddresses);
    ownNames = Set.copyOf(ownNames);
  }

  public GuardPolicy withHttp() {
    return new GuardPolicy(true, literals, dropNat64, allow, deny, ownAddresses, ownNames);
  }

  public GuardPolicy withLiterals() {
    return new GuardPolicy(http, true, dropNat64, allow, deny, ownAddresses, ownNames);
  }

  public GuardPolicy withDropNat64() {
    return new GuardPolicy(http, literals, true, allow, deny, ownAddresses, ownNames);
  }

  public GuardPolicy withAllow(GuardList list) {
    return new GuardPolicy(http, literals, dropNat64, list, deny, ownAddresses, ownNames);
  }

  public GuardPolicy withDeny(GuardList list) {
    return new GuardPolicy(http, literals, dropNat64, allow, list, ownAddresses, ownNames);
  }

  public GuardPolicy withOwn(Set<IpAddress> addresses, Set<String> names) {
    return new GuardPolicy(http, literals, dropNat64, allow, deny, addresses, names);
  }

  /** Every address of every interface of this machine, as it is now. */
  public static Set<IpAddress> addressesOfThisMachine() {
    Set<IpAddress> found = new HashSet<>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(IpAddress::of)
          .forEach(found::add);
    } catch (SocketException none) {
      throw new IllegalStateException("cannot read the addresses of this machine", none);
    }
    return found;
  }
}
