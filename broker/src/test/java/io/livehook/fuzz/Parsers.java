package io.livehook.fuzz;

import io.livehook.api.ApiFuzz;
import io.livehook.guard.GuardFuzz;
import io.livehook.http.HttpFuzz;
import io.livehook.ingest.IngestFuzz;
import io.livehook.outcome.OutcomeFuzz;
import io.livehook.resource.ResourceFuzz;
import java.util.List;
import java.util.stream.Stream;

/** Every parser that is fuzzed. */
final class Parsers {
  private Parsers() {}

  static List<Fuzzed> all() {
    return Stream.of(
            GuardFuzz.all(),
            HttpFuzz.all(),
            OutcomeFuzz.all(),
            IngestFuzz.all(),
            ResourceFuzz.all(),
            ApiFuzz.all())
        .flatMap(List::stream)
        .toList();
  }
}
