package io.livehook.guard;

import java.util.List;

/**
 * Addresses that are no ordinary unicast address of the public internet: the IANA special-purpose
 * registries in full, what is reserved or multicast, and the service addresses of clouds ({@code
 * special-addresses.csv}; reliability.md U6). Immutable.
 */
final class AddressTable {
  static final AddressTable SPECIAL = new AddressTable(Csv.rows("special-addresses.csv"));

  /** One line: what it is, and who says so. */
  record Row(AddressBlock block, String name, String source, String registry) {}

  private final List<Row> rows;
  private final AddressBlock[] v4;
  private final AddressBlock[] v6;
  private final AddressBlock[] platform;

  private AddressTable(List<String[]> lines) {
    rows = lines.stream().map(AddressTable::row).toList();
    v4 = blocks(rows.stream().filter(row -> !row.block.first().v6()).toList());
    v6 = blocks(rows.stream().filter(row -> row.block.first().v6()).toList());
    platform = blocks(rows.stream().filter(row -> row.registry.equals("platform")).toList());
  }

  private static Row row(String[] cells) {
    AddressBlock block = AddressBlock.parse(cells[0]);
    if (block == null || cells.length != 4) {
      throw new IllegalStateException("not a row: " + String.join(",", cells));
    }
    return new Row(block, cells[1], cells[2], cells[3]);
  }

  private static AddressBlock[] blocks(List<Row> rows) {
    return rows.stream().map(Row::block).toArray(AddressBlock[]::new);
  }

  List<Row> rows() {
    return rows;
  }

  boolean contains(IpAddress address) {
    return any(address.v6() ? v6 : v4, address) || address.isatap();
  }

  /** Behind it a cloud answers with credentials or settings. */
  boolean isPlatform(IpAddress address) {
    return any(platform, address);
  }

  private static boolean any(AddressBlock[] blocks, IpAddress address) {
    for (AddressBlock each : blocks) {
      if (each.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
