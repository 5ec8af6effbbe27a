package io.livehook.guard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an operator allows or denies beside the rules: addresses and prefixes, names with everything
 * below them, ports. Written {@code 10.1.0.0/16, ::1, hooks.corp.example, :8443, :*}. Immutable.
 */
public record GuardList(
    List<AddressBlock> blocks, Set<String> names, Set<Integer> ports, boolean anyPort) {
  public static final GuardList EMPTY = new GuardList(List.of(), Set.of(), Set.of(), false);
  private static final String FIX =
      "write addresses, prefixes, names and ports, comma-separated, such as"
          + " 10.1.0.0/16,hooks.corp.example,:8443; '%s' is none of them";

  public GuardList {
    blocks = List.copyOf(blocks);
    names = Set.copyOf(names);
    ports = Set.copyOf(ports);
  }

  /** Throws with the fix as its message. */
  public static GuardList parse(String text) {
    List<AddressBlock> blocks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Integer> ports = new HashSet<>();
    boolean anyPort = false;
    for (String entry : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String each = entry.strip();
      AddressBlock block = AddressBlock.parse(each);
      if (block != null) {
        blocks.add(block);
      } else if (each.equals(":*")) {
        anyPort = true;
      } else if (each.startsWith(":") && HostText.isPort(each.substring(1))) {
        ports.add(Integer.parseInt(each.substring(1)));
      } else if (HostText.isName(each)) {
        names.add(HostText.bare(each.toLowerCase(Locale.ROOT)));
      } else {
        throw new IllegalArgumentException(FIX.formatted(each));
      }
    }
    return new GuardList(blocks, names, ports, anyPort);
  }

  boolean hasAddress(IpAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  boolean hasExactly(IpAddress address) {
    return blocks.stream().anyMatch(block -> block.single() && block.contains(address));
  }

  boolean hasName(String name) {
    return HostText.isBelow(name, names);
  }

  boolean hasPort(int port) {
    return (anyPort && port != 0) || ports.contains(port);
  }
}
