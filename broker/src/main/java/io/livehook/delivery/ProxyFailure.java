package io.livehook.delivery;

import io.livehook.lane.FailureReason;
import io.netty.handler.proxy.ProxyConnectException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose failure it is when no connection comes about through the egress proxy: the callback's, if
 * the proxy says that it could not reach it; else ours (reliability.md §3.11). Pure.
 */
final class ProxyFailure {
  private static final List<String> UNREACHED =
      List.of("status: 502", "CONNECTION_REFUSED", "HOST_UNREACHABLE", "NETWORK_UNREACHABLE");
  private static final List<String> LATE = List.of("status: 504", "TTL_EXPIRED");

  private ProxyFailure() {}

  static FailureReason reason(@Nullable Throwable failure) {
    if (!(failure instanceof ProxyConnectException told)) {
      return FailureReason.PROXY_ERROR;
    }
    String text = String.valueOf(told.getMessage());
    if (UNREACHED.stream().anyMatch(text::contains)) {
      return FailureReason.CONNECT_REFUSED;
    }
    return LATE.stream().anyMatch(text::contains)
        ? FailureReason.CONNECT_TIMEOUT
        : FailureReason.PROXY_ERROR;
  }
}
