package io.livehook.api;

import io.livehook.platform.Secret;
import java.net.URI;

/**
 * How the HTTP side is set up.
 *
 * @param baseUrl public URL, without a slash at its end
 * @param bodyLimit most bytes of one update's body
 * @param pepper mixed into the hashes of API keys, and the key of cursors
 */
public record HttpApiConfig(String baseUrl, int bodyLimit, Secret pepper) {
  public HttpApiConfig {
    if (!URI.create(baseUrl).isAbsolute() || baseUrl.endsWith("/")) {
      throw new IllegalArgumentException("no absolute URL without a slash at its end: " + baseUrl);
    }
    if (bodyLimit < 1) {
      throw new IllegalArgumentException("body limit " + bodyLimit);
    }
  }
}
