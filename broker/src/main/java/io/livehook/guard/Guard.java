package io.livehook.guard;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One verdict for every URL and every address that something of ours would connect to, at every way
 * in (reliability.md U5 to U9, U13). Immutable; shared by all threads.
 */
public final class Guard {
  private static final Set<String> SPECIAL_NAMES =
      Csv.rows("special-names.csv").stream().map(row -> row[0]).collect(Collectors.toSet());

  /** One wording for all of them: who asks learns nothing about what is behind an address. */
  public static final String PLACE = "points where nothing may be sent";

  private final GuardPolicy policy;

  public Guard(GuardPolicy policy) {
    this.policy = policy;
  }

  /** A URL to connect to, or everything that is wrong with it. */
  public sealed interface Verdict {}

  /** It may be connected to, once its addresses are known to be clean. */
  public record Passed(GuardedUrl url) implements Verdict {}

  /** It may not. Faults of the text come alone: what is no URL is not judged further. */
  public record Refused(List<UrlFault> faults) implements Verdict {
    public boolean malformed() {
      return faults.getFirst().kind() == UrlFault.Kind.MALFORMED;
    }
  }

  public Verdict check(String text) {
    UrlReader reader = new UrlReader(text);
    List<UrlFault> faults = reader.faults();
    if (faults.isEmpty()) {
      faults = forbidden(reader.url());
    }
    return faults.isEmpty() ? new Passed(reader.url()) : new Refused(List.copyOf(faults));
  }

  private List<UrlFault> forbidden(GuardedUrl url) {
    List<UrlFault> faults = new ArrayList<>();
    if (!url.tls() && !policy.http()) {
      faults.add(UrlFault.forbidden("is plain http; only https is connected to here"));
    }
    if (!allowsPort(url)) {
      faults.add(UrlFault.forbidden("has a port that is not allowed here"));
    }
    IpAddress literal = url.literal();
    if (literal == null ? !allowsName(url.host()) : !allowsLiteral(literal)) {
      faults.add(UrlFault.forbidden(PLACE));
    }
    return faults;
  }

  private boolean allowsPort(GuardedUrl url) {
    boolean usual = url.port() == 443 || (url.port() == 80 && policy.http());
    return (usual || policy.allow().hasPort(url.port())) && !policy.deny().hasPort(url.port());
  }

  private boolean allowsName(String name) {
    boolean special =
        name.indexOf('.') < 0
            || HostText.isBelow(name, SPECIAL_NAMES)
            || policy.ownNames().contains(name);
    return (!special || policy.allow().hasName(name)) && !policy.deny().hasName(name);
  }

  /** A mapped address is refused as such: whoever writes it means to get past somebody. */
  private boolean allowsLiteral(IpAddress literal) {
    return !literal.mapped()
        && (policy.literals() || policy.allow().hasAddress(literal))
        && allows(literal);
  }

  /** Whether something of ours may connect there. */
  public boolean allows(InetAddress address) {
    return allows(IpAddress.of(address));
  }

  boolean allows(IpAddress given) {
    IpAddress address = given.unmapped();
    if (policy.deny().hasAddress(address)) {
      return false;
    }
    boolean special =
        AddressTable.SPECIAL.contains(address) || policy.ownAddresses().contains(address);
    if (special && !allowedByOperator(address)) {
      return false;
    }
    return address.embedded().stream().allMatch(this::allows);
  }

  /** A prefix does not open the service address of a cloud within it; naming that address does. */
  private boolean allowedByOperator(IpAddress address) {
    return AddressTable.SPECIAL.isPlatform(address)
        ? policy.allow().hasExactly(address)
        : policy.allow().hasAddress(address);
  }

  /**
   * The addresses of a name that may be connected to: all of them, or none if one is bad (U9).
   * Translated addresses may be passed over when there is a clean IPv4 address.
   */
  List<InetAddress> clean(List<InetAddress> all) {
    List<InetAddress> judged = all;
    if (policy.dropNat64()) {
      judged = all.stream().filter(each -> !translated(each)).toList();
      if (judged.stream().noneMatch(each -> each.getAddress().length == 4)) {
        judged = all;
      }
    }
    return judged.stream().allMatch(this::allows) ? List.copyOf(judged) : List.of();
  }

  private static boolean translated(InetAddress address) {
    IpAddress bits = IpAddress.of(address);
    return bits.v6() && bits.high() == 0x0064_ff9b_0000_0000L && bits.low() >>> 32 == 0;
  }
}
