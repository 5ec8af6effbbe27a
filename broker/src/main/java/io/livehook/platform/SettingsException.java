package io.livehook.platform;

import java.util.List;
import java.util.stream.Collectors;

/** The settings cannot be used; carries every fault at once. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Fault> faults;

  /**
   * @param value as given, masked where it is secret
   * @param source where it came from
   */
  public record Fault(String key, String value, String source, String fix) {
    String line() {
      return value.isEmpty()
          ? "  %s (%s): %s".formatted(key, source, fix)
          : "  %s = %s (%s): %s".formatted(key, value, source, fix);
    }
  }

  SettingsException(List<Fault> faults) {
    super(faults.stream().map(Fault::line).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
