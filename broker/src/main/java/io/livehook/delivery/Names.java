package io.livehook.delivery;

import io.vertx.core.http.HttpHeaders;

/** Names of the headers that a delivery carries. */
final class Names {
  static final CharSequence CONTENT_TYPE = HttpHeaders.CONTENT_TYPE;
  static final CharSequence LOCATION = HttpHeaders.LOCATION;
  static final CharSequence ETAG = HttpHeaders.ETAG;
  static final CharSequence PREVIOUS_ETAG = HttpHeaders.createOptimized("Previous-ETag");
  static final CharSequence CHANGES_ID = HttpHeaders.createOptimized("Changes-Id");
  static final CharSequence PREVIOUS_CHANGES_ID =
      HttpHeaders.createOptimized("Previous-Changes-Id");
  static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  static final CharSequence LINK = HttpHeaders.createOptimized("Link");
  static final CharSequence LIVERESOURCE_STATUS =
      HttpHeaders.createOptimized("LiveResource-Status");
  static final CharSequence CONTENT_DIGEST = HttpHeaders.createOptimized("Content-Digest");
  static final CharSequence WEBHOOK_ID = HttpHeaders.createOptimized("webhook-id");
  static final CharSequence WEBHOOK_TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
  static final CharSequence WEBHOOK_SIGNATURE = HttpHeaders.createOptimized("webhook-signature");
  static final CharSequence WEBHOOK_ATTEMPT = HttpHeaders.createOptimized("webhook-attempt");
  static final CharSequence WEBHOOK_SEQUENCE = HttpHeaders.createOptimized("webhook-sequence");
  static final CharSequence X_HOOK_SIGNATURE = HttpHeaders.createOptimized("X-Hook-Signature");
  static final CharSequence X_HUB_SIGNATURE_256 =
      HttpHeaders.createOptimized("X-Hub-Signature-256");
  static final CharSequence SIGNATURE = HttpHeaders.createOptimized("Signature");
  static final CharSequence SIGNATURE_INPUT = HttpHeaders.createOptimized("Signature-Input");
  static final CharSequence USER_AGENT = HttpHeaders.USER_AGENT;
  static final CharSequence LIVEHOOK = HttpHeaders.createOptimized("Livehook");

  private Names() {}
}
