package io.livehook.it.bench;

import static io.livehook.it.Eventually.eventually;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.livehook.it.load.Bodies;
import io.livehook.it.load.Target;
import io.livehook.it.process.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One resource with very many subscriptions: one update at a time, until all have it. */
final class BigFanout {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Options options;
  private final int fanout;
  private final HttpClient client = HttpClient.newHttpClient();

  BigFanout(Options options, int fanout) {
    this.options = options;
    this.fanout = fanout;
  }

  void run(ObjectNode result) {
    System.out.printf("%nfan-out %,d, one resource%n", fanout);
    List<Double> acks = new ArrayList<>();
    List<Double> ends = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    try (Arrivals sink = Arrivals.start();
        Rig rig = new Rig(options)) {
      rig.subscribe(1, fanout, sink.port());
      for (int round = 0; round < options.rounds() + 2; round++) {
        Usage before = Usage.of(rig, sink, 0);
        long begin = System.nanoTime();
        publish(rig);
        double ack = (System.nanoTime() - begin) / 1e6;
        double end = delivered(sink, before.arrivals(), begin);
        Sample sample = Usage.of(rig, sink, 1).since(before);
        System.out.printf("  ack %.1f ms, delivered in %.2f s; %s%n", ack, end, sample.line());
        if (round >= 2) {
          acks.add(ack);
          ends.add(end);
          samples.add(sample);
        }
      }
      result.put("peak_resident_bytes", ProcFs.peakResidentBytes(rig.broker().pid()));
    }
    result.put("ack_ms", Sample.median(acks));
    result.put("delivered_s", Sample.median(ends));
    result.put("deliveries_per_s", fanout / Sample.median(ends));
    Sample.putCpu(samples, result);
  }

  private double delivered(Arrivals sink, long before, long begin) {
    eventually(
        () -> sink.count() - before + " of " + fanout + " arrived",
        LIMIT,
        () -> sink.count() - before >= fanout);
    return (System.nanoTime() - begin) / 1e9;
  }

  private void publish(Rig rig) {
    String path = rig.target().path(Target.uri(0));
    HttpRequest put =
        HttpRequest.newBuilder(URI.create(rig.target().url(path)))
            .header("Authorization", "Bearer " + rig.target().keys().origin())
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(Bodies.of(System.nanoTime())))
            .build();
    try {
      int status = client.send(put, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200 && status != 201) {
        throw new IllegalStateException("PUT answered " + status);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
