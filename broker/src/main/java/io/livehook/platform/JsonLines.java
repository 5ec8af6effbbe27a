package io.livehook.platform;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** A log event as one line of JSON, key-values as fields of their own. Any thread. */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private final JsonFactory json = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      Instant at = Instant.ofEpochMilli(event.getTimeStamp());
      out.writeStringField("ts", at.truncatedTo(ChronoUnit.MILLIS).toString());
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("msg", event.getFormattedMessage());
      out.writeStringField("logger", event.getLoggerName());
      out.writeStringField("thread", event.getThreadName());
      keyValues(event.getKeyValuePairs(), out);
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        out.writeStringField("error", ThrowableProxyUtil.asString(thrown));
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  private static void keyValues(List<KeyValuePair> pairs, JsonGenerator out) throws IOException {
    if (pairs == null) {
      return;
    }
    for (KeyValuePair pair : pairs) {
      switch (pair.value) {
        case null -> out.writeNullField(pair.key);
        case Long number -> out.writeNumberField(pair.key, number);
        case Integer number -> out.writeNumberField(pair.key, number);
        case Boolean flag -> out.writeBooleanField(pair.key, flag);
        case Object other -> out.writeStringField(pair.key, other.toString());
      }
    }
  }
}
