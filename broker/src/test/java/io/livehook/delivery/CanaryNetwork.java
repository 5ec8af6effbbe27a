package io.livehook.delivery;

import io.livehook.delivery.ScriptedDns.Reply;
import io.livehook.guard.Guard;
import io.livehook.guard.GuardList;
import io.livehook.guard.GuardPolicy;
import io.livehook.guard.SsrfCases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The program inside the network namespace: gives its loopback interface forbidden addresses and a
 * route to everywhere, listens, tries to deliver to all of them, by literal and by name, and prints
 * what arrived. Every packet that leaves passes that interface; those of the scripted DNS are
 * known.
 */
final class CanaryNetwork {
  private static final List<String> FORBIDDEN =
      List.of(
          "0.0.0.0",
          "127.0.0.1",
          "127.9.9.9",
          "10.0.0.1",
          "10.255.255.254",
          "172.16.0.1",
          "192.168.0.1",
          "169.254.169.254",
          "169.254.170.2",
          "100.64.0.1",
          "100.100.100.200",
          "168.63.129.16",
          "192.0.2.1",
          "198.18.0.1",
          "198.51.100.1",
          "203.0.113.1",
          "192.88.99.1",
          "::1",
          "fd00:ec2::254",
          "fc00::1",
          "2001:db8::1",
          "64:ff9b::a9fe:a9fe",
          "2002:a9fe:a9fe::1",
          "3fff::1",
          "100::1");

  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private int attempts;

  private CanaryNetwork() {}

  public static void main(String[] arguments) throws Exception {
    new CanaryNetwork().run(arguments[0].equals("guarded"));
    System.exit(0);
  }

  private void run(boolean guarded) throws Exception {
    prepare();
    listen(80);
    listen(443);
    Guard guard = new Guard(guarded ? GuardPolicy.STRICT.withHttp().withLiterals() : open());
    try (ScriptedDns dns = new ScriptedDns(CanaryNetwork::script);
        Outbound outbound = new Outbound(guard, dns.provider(), 4, Duration.ofSeconds(1))) {
      long before = packets();
      for (String url : urls()) {
        AttemptResult result = outbound.post(url);
        if (result.delivered()) {
          throw new IllegalStateException("delivered to " + url);
        }
        attempts++;
      }
      long packets = packets() - before - 2L * dns.queries.size();
      System.out.println(
          "attempts=%d queries=%d packets=%d seen=%s"
              .formatted(attempts, dns.queries.size(), packets, new TreeSet<>(seen)));
    }
  }

  /** The guard switched off, for the proof that the canary sees. */
  private static GuardPolicy open() {
    String all = "0.0.0.0/0,::/0,localhost,:*," + String.join(",", FORBIDDEN);
    return GuardPolicy.STRICT.withHttp().withLiterals().withAllow(GuardList.parse(all));
  }

  private static void prepare() throws IOException {
    ip("link", "set", "lo", "up");
    for (String each : FORBIDDEN) {
      if (!each.startsWith("127.") && !each.equals("0.0.0.0") && !each.equals("::1")) {
        ip("addr", "add", each + (each.contains(":") ? "/128" : "/32"), "dev", "lo");
      }
    }
    ip("route", "add", "default", "dev", "lo");
    ip("-6", "route", "add", "default", "dev", "lo");
  }

  private static void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void listen(int port) throws IOException {
    ServerSocket canary = new ServerSocket(port);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  Socket socket = canary.accept();
                  seen.add(socket.getLocalAddress().getHostAddress());
                  socket.close();
                }
              } catch (IOException broken) {
                throw new java.io.UncheckedIOException(broken);
              }
            });
  }

  /** A name per address, which has the address and, where the kinds allow, a clean one too. */
  private static Reply script(String query, int number) {
    String name = query.substring(query.indexOf(' ') + 1);
    String address = FORBIDDEN.get(Integer.parseInt(name.replaceAll("\\D", "")));
    boolean v6 = address.contains(":");
    if (query.startsWith("A ")) {
      return v6 ? Reply.NONE : Reply.of(0, address);
    }
    return v6 ? Reply.of(0, address) : Reply.NONE;
  }

  private static List<String> urls() throws IOException {
    List<String> urls = new ArrayList<>();
    for (String scheme : List.of("http", "https")) {
      for (int i = 0; i < FORBIDDEN.size(); i++) {
        String address = FORBIDDEN.get(i);
        boolean v6 = InetAddress.getByName(address).getAddress().length == 16;
        urls.add(scheme + "://" + (v6 ? "[" + address + "]" : address) + "/");
        urls.add(scheme + "://n" + i + ".hooks.io/");
      }
    }
    SsrfCases.all()
        .filter(each -> each.expected() != SsrfCases.Expected.N)
        .filter(each -> !each.id().equals("SSRF-10"))
        .map(SsrfCases.Case::url)
        .forEach(urls::add);
    return urls;
  }

  /** Received on the loopback interface of this namespace. */
  private static long packets() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/net/dev"))) {
      String[] words = line.strip().split("\\s+");
      if (words[0].equals("lo:")) {
        return Long.parseLong(words[2]);
      }
    }
    throw new IllegalStateException("no loopback interface");
  }
}
