package io.livehook.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

/**
 * The raw client: the broker's own outbound class with signed bodies and nothing else, as the
 * measure of what this machine can send. Obeys {@code saturate}, {@code stop} and {@code rate
 * PER_SECOND SECONDS} on its standard input.
 */
public final class Raw {
  private final List<RawLoop> loops = new ArrayList<>();

  private Raw(int port, int count, int inFlight) throws Exception {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(count));
    // Contexts first: made one right after the other they lie on event loops of their own.
    for (int i = 0; i < count; i++) {
      Context context = ((VertxInternal) vertx).createEventLoopContext();
      loops.add(new RawLoop(context, port, inFlight / count));
    }
    for (RawLoop loop : loops) {
      loop.start().await(10, SECONDS);
    }
  }

  /** {@code Raw PORT LOOPS IN_FLIGHT}. */
  public static void main(String[] arguments) throws Exception {
    Raw raw =
        new Raw(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]));
    raw.obeyAll(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
    System.exit(0);
  }

  private void obeyAll(BufferedReader commands) throws IOException {
    System.out.println("ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(obey(line.split(" ")));
    }
  }

  private String obey(String[] command) {
    switch (command[0]) {
      case "saturate" -> {
        loops.forEach(RawLoop::saturate);
        return "started";
      }
      case "rate" -> {
        int perSecond = Integer.parseInt(command[1]) / loops.size();
        loops.forEach(loop -> loop.rate(perSecond, Integer.parseInt(command[2])));
      }
      case "stop" -> loops.forEach(RawLoop::enough);
      default -> throw new IllegalArgumentException(command[0]);
    }
    loops.forEach(RawLoop::awaitIdle);
    return "stopped";
  }
}
