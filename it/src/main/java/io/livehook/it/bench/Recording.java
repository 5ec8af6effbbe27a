package io.livehook.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** A JFR recording, read for where CPU time and allocation go. */
final class Recording {
  private static final int ROWS = 25;

  private final Path file;
  private final Map<String, Long> packages = new TreeMap<>();
  private final Map<String, Long> methods = new TreeMap<>();
  private final Map<String, Long> ours = new TreeMap<>();
  private final Map<String, Long> threads = new TreeMap<>();
  private final Map<String, Long> allocated = new TreeMap<>();
  private final Map<String, Long> allocatedBy = new TreeMap<>();

  Recording(Path file) {
    this.file = file;
  }

  void print() throws IOException {
    boolean cpuTime = has("jdk.CPUTimeSample");
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        String type = event.getEventType().getName();
        if (type.equals("jdk.ObjectAllocationSample")) {
          allocation(event);
        } else if (cpuTime
            ? type.equals("jdk.CPUTimeSample")
            : type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample")) {
          sample(event);
        }
      }
    }
    table("samples by package of the top frame", packages);
    table("samples by top frame", methods);
    table("samples by the first frame of our own", ours);
    table("samples by thread", threads);
    table("bytes allocated by class", allocated);
    table("bytes allocated by the first frame of our own", allocatedBy);
  }

  private boolean has(String type) throws IOException {
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        if (recording.readEvent().getEventType().getName().equals(type)) {
          return true;
        }
      }
    }
    return false;
  }

  private void sample(RecordedEvent event) {
    List<RecordedFrame> frames = frames(event);
    if (frames.isEmpty()) {
      return;
    }
    RecordedMethod top = frames.getFirst().getMethod();
    add(packages, packageOf(top), 1);
    add(methods, name(top), 1);
    add(ours, firstOfOurs(frames), 1);
    var thread =
        event.hasField("sampledThread") ? event.getThread("sampledThread") : event.getThread();
    add(threads, thread == null ? "?" : String.valueOf(thread.getJavaName()), 1);
  }

  private void allocation(RecordedEvent event) {
    RecordedClass type = event.getClass("objectClass");
    long weight = event.getLong("weight");
    add(allocated, type == null ? "?" : type.getName(), weight);
    add(allocatedBy, firstOfOurs(frames(event)), weight);
  }

  private static List<RecordedFrame> frames(RecordedEvent event) {
    return event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
  }

  private static String firstOfOurs(List<RecordedFrame> frames) {
    return frames.stream()
        .map(RecordedFrame::getMethod)
        .filter(method -> method.getType().getName().startsWith("io.livehook"))
        .map(Recording::name)
        .findFirst()
        .orElse("(none)");
  }

  private static String packageOf(@Nullable RecordedMethod method) {
    String type = method == null ? "?" : method.getType().getName();
    return type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : type;
  }

  private static String name(RecordedMethod method) {
    return method.getType().getName() + "." + method.getName();
  }

  private static void add(Map<String, Long> counts, String key, long weight) {
    counts.merge(key, weight, Long::sum);
  }

  private static void table(String title, Map<String, Long> counts) {
    double total = Math.max(1, counts.values().stream().mapToLong(Long::longValue).sum());
    System.out.printf("%n  %s (%,.0f)%n", title, total);
    counts.entrySet().stream()
        .sorted(
            Comparator.comparing((Function<Map.Entry<String, Long>, Long>) Map.Entry::getValue)
                .reversed())
        .limit(ROWS)
        .forEach(
            row ->
                System.out.printf("  %5.1f %%  %s%n", row.getValue() * 100 / total, row.getKey()));
  }
}
