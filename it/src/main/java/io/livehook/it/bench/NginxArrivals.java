package io.livehook.it.bench;

import static io.livehook.it.Eventually.eventually;

import io.livehook.it.process.ProcFs;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** nginx, a worker per core, that answers 204; its status page counts the requests. */
final class NginxArrivals implements Arrivals {
  private static final String CONFIGURATION =
      """
      daemon off;
      master_process on;
      worker_processes auto;
      pid %1$s/nginx.pid;
      error_log %1$s/error.log;
      events { worker_connections 8192; }
      http {
        access_log off;
        keepalive_requests 1000000000;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen 127.0.0.1:%2$d backlog=4096 reuseport;
          location = /status { stub_status; }
          location / { return 204; }
        }
      }
      """;

  private final Process process;
  private final int port = freePort();
  private long asked;

  NginxArrivals() {
    try {
      Path folder = Files.createDirectories(Path.of("target/nginx")).toAbsolutePath();
      Path file =
          Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.formatted(folder, port));
      process =
          new ProcessBuilder(binary(), "-c", file.toString(), "-p", folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("output.log").toFile())
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    eventually("nginx answers", Duration.ofSeconds(10), this::answers);
  }

  static boolean installed() {
    return !binary().isEmpty();
  }

  private static String binary() {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    Stream<String> folders = Arrays.stream(path.split(File.pathSeparator));
    return folders
        .map(folder -> folder + "/nginx")
        .filter(file -> new File(file).canExecute())
        .findFirst()
        .orElse("");
  }

  @Override
  public String name() {
    return "nginx";
  }

  @Override
  public int port() {
    return port;
  }

  /**
   * The third number of the third line counts all requests, those for the page itself included.
   * Several threads ask, so one at a time.
   */
  @Override
  public synchronized long count() {
    asked++;
    String[] counters =
        TinyGet.body(port, "/status").lines().skip(2).findFirst().orElseThrow().trim().split(" ");
    return Long.parseLong(counters[2]) - asked;
  }

  @Override
  public long cpuMicros() {
    return ProcFs.cpuMicrosOfFamily(process.pid());
  }

  @Override
  public void close() {
    process.destroy();
  }

  private boolean answers() {
    try {
      count();
      return true;
    } catch (UncheckedIOException notYet) {
      asked--;
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
