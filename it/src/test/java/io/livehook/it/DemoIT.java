package io.livehook.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.process.BrokerProcess;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What somebody sees who wants to be shown the thing. */
class DemoIT {
  @Test
  void theDemoEndsByItselfWithEverySignatureVerified() throws Exception {
    // Given
    var command =
        new ProcessBuilder(
            BrokerProcess.java(), "-Xmx512m", "-jar", BrokerProcess.jar().toString(), "demo");
    command.environment().keySet().removeIf(name -> name.startsWith("LIVEHOOK_"));

    // When
    Process demo = command.redirectErrorStream(true).start();
    String output = new String(demo.getInputStream().readAllBytes(), UTF_8);

    // Then
    assertThat(demo.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).as(output).isZero();
    assertThat(output).contains("12 arrived with a good signature, 0 missing");
  }
}
