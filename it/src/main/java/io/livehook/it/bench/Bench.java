package io.livehook.it.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code make bench}: prints what it measures and writes {@code target/bench.json}. */
public final class Bench {
  private static final int ONE_RESOURCE_FROM = 10_000;

  private Bench() {}

  /** Exits with 2 when a run was invalid: the raw client did not fill the machine. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0 && arguments[0].equals("--help")) {
      System.out.print(Options.HELP);
      return;
    }
    Options options = Options.parse(arguments);
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode result = json.createObjectNode();
    describe(options, result);
    boolean valid = run(options, result);
    result.put("valid", valid);
    Path file = Files.createDirectories(Path.of("target")).resolve("bench.json");
    Files.write(file, json.writeValueAsBytes(result));
    System.out.println("\nwritten to " + file);
    if (!valid) {
      System.out.println("INVALID: the raw client did not fill both cores to 90 %");
      System.exit(2);
    }
  }

  private static void describe(Options options, ObjectNode result) {
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("java", Runtime.version().toString());
    result.put("seconds", options.window().toSeconds());
    result.put("rounds", options.rounds());
    result.put("in_flight", options.inFlight());
    result.put("loops", options.loops());
  }

  private static boolean run(Options options, ObjectNode result) {
    boolean valid = true;
    ObjectNode fanouts = result.putObject("fanout");
    if (options.has("throughput")) {
      for (int fanout : options.fanouts()) {
        ObjectNode one = fanouts.putObject(Integer.toString(fanout));
        if (fanout >= ONE_RESOURCE_FROM) {
          new BigFanout(options, fanout).run(one);
        } else {
          valid &= new Throughput(options, fanout).run(one);
        }
      }
    }
    if (options.has("latency")) {
      new Latency(options).run(result.putObject("latency"));
    }
    if (options.has("snapshot")) {
      new HeldSnapshot(options).run(result.putObject("snapshot"));
    }
    if (options.has("memory")) {
      new Memory(options).run(result.putObject("memory"));
    }
    return valid;
  }
}
