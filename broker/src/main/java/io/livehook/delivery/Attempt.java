package io.livehook.delivery;

import io.livehook.guard.GuardedUrl;
import io.livehook.guard.JudgedNames;
import io.livehook.guard.Resolution;
import io.livehook.lane.FailureReason;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Completable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its way: address, connection, request, answer.
 *
 * <pre>
 *   start ─▶ (resolve) ─▶ connection ─▶ ready() ─▶ request written ─▶ answer head ─▶ body read ─▶ ended
 * </pre>
 *
 * The status decides when the head is in, whatever becomes of the body.
 */
final class Attempt
    implements OutboundHttp.Handle, JudgedNames.Asker, Completable<HttpClientRequest> {
  private static final int ANSWER_KEPT = 16_384;
  private static final int MOST_ADDRESSES = 3;

  private final OutboundHttp http;
  private final Target target;
  private final Exchange exchange;
  final long startedAt;
  @Nullable Attempt previous;
  @Nullable Attempt next;

  private @Nullable Resolution resolution;
  private int addresses;
  private @Nullable HttpClientRequest request;
  private @Nullable OutboundRequest sent;
  private boolean over;
  private boolean repeated;
  private int status;
  private @Nullable String retryAfter;
  private @Nullable Buffer answer;
  private int answered;

  Attempt(OutboundHttp http, Target target, Exchange exchange, long startedAt) {
    this.http = http;
    this.target = target;
    this.exchange = exchange;
    this.startedAt = startedAt;
  }

  /** The guard's verdict comes first, at every attempt; it has judged an address in the URL. */
  void start() {
    if (target.refused()) {
      refuse(FailureReason.BLOCKED_ADDRESS);
      return;
    }
    GuardedUrl url = target.url();
    if (url.literal() == null) {
      http.names.find(url.host(), startedAt, this);
    } else {
      connect(url.host());
    }
  }

  @Override
  public void resolved(Resolution found) {
    switch (found.kind()) {
      case CLEAN -> {
        resolution = found;
        connect(found.address());
      }
      case BLOCKED -> refuse(FailureReason.BLOCKED_ADDRESS);
      case UNKNOWN -> refuse(FailureReason.DNS_ERROR);
    }
  }

  /** In a turn of its own: what is known at once must not end an attempt that is being started. */
  private void refuse(FailureReason reason) {
    http.later(() -> cut(reason));
  }

  private void connect(String address) {
    if (!over) {
      http.client.request(target.pinnedTo(address)).onComplete(this);
    }
  }

  /** A connection is ready, or could not be made. */
  @Override
  public void complete(@Nullable HttpClientRequest ready, @Nullable Throwable failure) {
    if (ready == null) {
      unconnected(failure);
      return;
    }
    if (over) {
      giveBack(ready);
      return;
    }
    OutboundRequest outgoing = sent == null ? exchange.ready() : sent;
    if (outgoing == null) {
      finish();
      giveBack(ready);
      return;
    }
    request = ready;
    sent = outgoing;
    write(ready, outgoing);
  }

  private static void giveBack(HttpClientRequest unused) {
    unused.exceptionHandler(ignored -> {});
    unused.response().onFailure(ignored -> {});
    unused.reset().onFailure(ignored -> {});
  }

  private void write(HttpClientRequest ready, OutboundRequest outgoing) {
    CharSequence[] headers = outgoing.headers();
    var map = ready.headers();
    for (int i = 0; i < headers.length; i += 2) {
      map.add(headers[i], headers[i + 1]);
    }
    ready.response().onComplete(this::answered);
    ready.end(outgoing.body());
  }

  private void answered(@Nullable HttpClientResponse response, @Nullable Throwable failure) {
    if (over) {
      return;
    }
    if (response == null) {
      lost(failure);
      return;
    }
    status = response.statusCode();
    if (status != 200 && status != 204) {
      retryAfter = response.getHeader("Retry-After");
    }
    response.handler(this::read);
    response.exceptionHandler(cut -> end());
    response.endHandler(end -> end());
  }

  /** No answer. After a keep-alive race the same request goes once more, uncounted. */
  private void lost(@Nullable Throwable failure) {
    HttpClientRequest failed = request;
    boolean closed = failure instanceof HttpClosedException || failure instanceof IOException;
    if (closed && !repeated && failed != null && Wire.raced(failed.connection())) {
      repeated = true;
      request = null;
      start();
    } else {
      cut(closed ? FailureReason.CONNECTION_LOST : FailureReason.PROTOCOL_ERROR);
    }
  }

  private void read(Buffer bytes) {
    answered += bytes.length();
    if (answer == null) {
      answer = Buffer.buffer();
    }
    int room = ANSWER_KEPT - answer.length();
    if (room > 0) {
      answer.appendBuffer(bytes, 0, Math.min(room, bytes.length()));
    }
    if (answered >= http.options.answerLimit() && !over) {
      end();
      close();
    }
  }

  private void end() {
    if (!over) {
      finish();
      FailureReason reason = status >= 200 && status <= 299 ? null : refusal();
      exchange.ended(
          new AttemptResult(status, reason, retryAfter, answer == null ? null : answer.getBytes()));
    }
  }

  /** Only a proxy asks for credentials of its own (RFC 9110 §15.5.8). */
  private FailureReason refusal() {
    return status == 407 && target.proxied()
        ? FailureReason.PROXY_ERROR
        : FailureReason.HTTP_STATUS;
  }

  /** Ends it from our side: with the status if the head was in, else with the reason. */
  void cut(FailureReason reason) {
    if (over) {
      return;
    }
    if (status != 0) {
      end();
    } else {
      finish();
      exchange.ended(AttemptResult.failed(reason));
    }
    close();
  }

  @Override
  public void abort() {
    if (!over) {
      finish();
      close();
    }
  }

  private void finish() {
    over = true;
    http.unlink(this);
  }

  private void close() {
    HttpClientRequest running = request;
    if (running != null) {
      Wire.reset(running.connection());
    }
  }

  /** Where nothing answers, the name's next judged address may. */
  private void unconnected(@Nullable Throwable failure) {
    FailureReason reason = reason(failure);
    Resolution found = resolution;
    boolean elsewhere = reason != FailureReason.TLS_ERROR && reason != FailureReason.PROXY_ERROR;
    if (found != null && elsewhere && found.size() > 1) {
      found.failed(found.address());
      if (++addresses < Math.min(found.size(), MOST_ADDRESSES)) {
        connect(found.address());
        return;
      }
    }
    cut(reason);
  }

  private FailureReason reason(@Nullable Throwable failure) {
    if (target.proxied() && !(failure instanceof SSLException)) {
      return ProxyFailure.reason(failure);
    }
    return switch (failure) {
      case SSLException tls -> FailureReason.TLS_ERROR;
      case ConnectTimeoutException late -> FailureReason.CONNECT_TIMEOUT;
      case null, default -> FailureReason.CONNECT_REFUSED;
    };
  }
}
