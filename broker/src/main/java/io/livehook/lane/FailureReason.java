package io.livehook.lane;

/** Why an attempt failed. The label stands in the column, the metric, the log and the UI. */
public enum FailureReason {
  DNS_ERROR("dns_error"),
  BLOCKED_ADDRESS("blocked_address"),
  CONNECT_TIMEOUT("connect_timeout"),
  CONNECT_REFUSED("connect_refused"),
  TLS_ERROR("tls_error"),
  DEADLINE("deadline"),
  CONNECTION_LOST("connection_lost"),
  PROTOCOL_ERROR("protocol_error"),
  HTTP_STATUS("http_status"),
  THROTTLED("throttled"),
  PROXY_ERROR("proxy_error"),
  SECRET_UNREADABLE("secret_unreadable");

  private final String label;

  FailureReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
