package io.livehook.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says about processes: CPU time and resident memory. */
public final class ProcFs {
  /** A clock tick of {@code /proc/PID/stat}: 1/100 s on every Linux platform we run on. */
  private static final long TICK_MICROS = 10_000;

  private ProcFs() {}

  /** User and system time of a process so far; 0 when it is gone. */
  public static long cpuMicros(long pid) {
    String[] fields = stat(pid);
    return fields.length == 0 ? 0 : (number(fields, 14) + number(fields, 15)) * TICK_MICROS;
  }

  /** The process, its children that live, and those it has waited for. */
  public static long cpuMicrosOfFamily(long pid) {
    String[] fields = stat(pid);
    if (fields.length == 0) {
      return 0;
    }
    long ended = (number(fields, 16) + number(fields, 17)) * TICK_MICROS;
    return cpuMicros(pid) + ended + children(pid).stream().mapToLong(ProcFs::cpuMicros).sum();
  }

  public static List<Long> children(long pid) {
    return ProcessHandle.of(pid)
        .map(handle -> handle.children().map(ProcessHandle::pid).toList())
        .orElse(List.of());
  }

  /** VmRSS in bytes. */
  public static long residentBytes(long pid) {
    return statusField(pid, "VmRSS:");
  }

  /** VmHWM in bytes: the most that was ever resident. */
  public static long peakResidentBytes(long pid) {
    return statusField(pid, "VmHWM:");
  }

  /** A zombie is a process that has ended but that its parent has not waited for. */
  public static boolean runs(long pid) {
    String[] fields = stat(pid);
    return fields.length > 0 && !fields[2].equals("Z") && !fields[2].equals("X");
  }

  /** The machine's busy and total CPU time, in ticks. */
  public static MachineCpu machine() {
    String[] fields =
        read(Path.of("/proc/stat")).lines().findFirst().orElseThrow().trim().split("\\s+");
    long total = 0;
    for (int i = 1; i <= 8; i++) {
      total += Long.parseLong(fields[i]);
    }
    return new MachineCpu(total - Long.parseLong(fields[4]) - Long.parseLong(fields[5]), total);
  }

  /** Two of these tell how busy all cores were between them. */
  public record MachineCpu(long busy, long total) {
    public double shareSince(MachineCpu before) {
      return (double) (busy - before.busy) / Math.max(1, total - before.total);
    }
  }

  /** The fields of proc(5); empty when the process is gone. */
  private static String[] stat(long pid) {
    String text;
    try {
      text = Files.readString(Path.of("/proc/" + pid + "/stat"));
    } catch (IOException gone) {
      return new String[0];
    }
    // The name (field 2) may hold spaces: what follows its closing bracket is plain.
    return ("- - " + text.substring(text.lastIndexOf(')') + 2)).split(" ");
  }

  /** The array starts with two stand-ins for fields 1 and 2, so field n lies at n - 1. */
  private static long number(String[] fields, int field) {
    return Long.parseLong(fields[field - 1]);
  }

  private static long statusField(long pid, String name) {
    return read(Path.of("/proc/" + pid + "/status"))
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
