package io.livehook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * I9: not one packet goes to a forbidden address, whatever the input. Counted by the kernel, in a
 * network namespace where every such address has a listener ({@link CanaryNetwork}).
 */
class NetworkNamespaceTest {
  private static final Pattern REPORT =
      Pattern.compile("attempts=(\\d+) queries=(\\d+) packets=(-?\\d+) seen=\\[(.*)]");

  private record Report(int attempts, int queries, long packets, List<String> seen) {}

  @BeforeAll
  static void namespacesArePermitted() throws Exception {
    if (exit("unshare", "-rn", "ip", "link", "set", "lo", "up") != 0) {
      String loud =
          """

          **********************************************************************************
          * NOT TESTED: that no packet goes to a forbidden address (I9).                   *
          * This machine permits no network namespace to this user, or has no 'ip' command *
          * ('unshare -rn ip link set lo up' failed). Run the tests where it does.         *
          **********************************************************************************
          """;
      System.err.println(loud);
      abort(loud);
    }
  }

  private static int exit(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException missing) {
      return -1;
    }
  }

  private static Report run(String mode) throws Exception {
    Process process =
        new ProcessBuilder(
                "unshare",
                "-rn",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CanaryNetwork.class.getName(),
                mode)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    Matcher report = REPORT.matcher(output);
    assertThat(report.find()).as(output).isTrue();
    return new Report(
        Integer.parseInt(report.group(1)),
        Integer.parseInt(report.group(2)),
        Long.parseLong(report.group(3)),
        List.of(report.group(4).split(", ")));
  }

  @Test
  void i9NoPacketGoesToAForbiddenAddress() throws Exception {
    // When
    Report report = run("guarded");

    // Then
    assertThat(report.attempts()).isGreaterThan(400);
    assertThat(report.queries()).isPositive();
    assertThat(report.packets()).isZero();
    assertThat(report.seen()).containsExactly("");
  }

  @Test
  void theCanarySeesPacketsWhenTheGuardIsOff() throws Exception {
    // When
    Report report = run("open");

    // Then
    assertThat(report.packets()).isPositive();
    assertThat(report.seen())
        .contains("127.0.0.1", "10.0.0.1", "169.254.169.254", "168.63.129.16", "192.168.0.1")
        .contains("0:0:0:0:0:0:0:1", "fd00:ec2:0:0:0:0:0:254", "fc00:0:0:0:0:0:0:1");
  }
}
