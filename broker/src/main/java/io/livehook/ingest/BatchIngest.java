package io.livehook.ingest;

import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.http.Problem;
import io.livehook.http.ProblemKind;
import io.livehook.log.Lanes;
import io.livehook.resource.ResourceNames;
import io.livehook.resource.Values;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/updates}: many updates as lines, a result for each. Each request is a {@link
 * Batch}. One per event loop.
 */
public final class BatchIngest {
  private static final Set<String> TYPES =
      Set.of("application/x-ndjson", "application/ndjson", "application/jsonl");

  private final ResourceNames names;
  private final Values values;
  private final Lanes lanes;
  private final int bodyLimit;

  public BatchIngest(ResourceNames names, Values values, Lanes lanes, int bodyLimit) {
    this.names = names;
    this.values = values;
    this.lanes = lanes;
    this.bodyLimit = bodyLimit;
  }

  public void post(Exchange exchange) {
    if (!TYPES.contains(mediaType(exchange.header(HttpHeaders.CONTENT_TYPE)))) {
      exchange.problem(
          Problem.faults(
              ProblemKind.UNSUPPORTED_MEDIA_TYPE,
              List.of(
                  new Fault("header/Content-Type", "unsupported", "send application/x-ndjson"))));
      return;
    }
    new Batch(exchange, names, values, lanes, bodyLimit).start();
  }

  private static String mediaType(@Nullable String header) {
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }
}
