package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  @Test
  void anEventIsOneLineOfJsonWhateverIsInIt() throws Exception {
    // Given
    Logger logger = (Logger) LoggerFactory.getLogger("io.livehook.Some");
    Throwable trouble = new IllegalStateException("two\nlines");
    LoggingEvent event =
        new LoggingEvent("any", logger, Level.WARN, "said \"{}\"\n", trouble, new Object[] {"ä"});
    event.setKeyValuePairs(
        List.of(new KeyValuePair("attempt", 3), new KeyValuePair("reason", null)));

    // When
    String line = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);

    // Then
    assertThat(line).endsWith("\n").containsOnlyOnce("\n");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("msg").asText()).isEqualTo("said \"ä\"\n");
    assertThat(json.path("attempt").asInt()).isEqualTo(3);
    assertThat(json.path("reason").isNull()).isTrue();
    assertThat(json.path("error").asText()).contains("two\nlines");
  }
}
