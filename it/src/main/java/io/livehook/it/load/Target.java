package io.livehook.it.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.livehook.it.process.BrokerProcess;
import java.net.URLEncoder;

/** A broker's address with the keys of one tenant: makes the URLs and heads of requests to it. */
public record Target(int port, BrokerProcess.Keys keys) {

  /** The canonical URI of the resource with this number. */
  public static String uri(int resource) {
    return "https://origin.example/items/" + resource;
  }

  public String path(String uri) {
    return "/" + keys.tenant() + "/resources/" + URLEncoder.encode(uri, UTF_8).replace("+", "%20");
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** A head without its closing blank line, so that fields can follow. */
  String head(String method, String path, String key, String contentType, int length) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + port
        + "\r\nAuthorization: Bearer "
        + key
        + "\r\nContent-Type: "
        + contentType
        + "\r\nContent-Length: "
        + length
        + "\r\n";
  }
}
