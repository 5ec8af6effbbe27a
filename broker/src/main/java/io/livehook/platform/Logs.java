package io.livehook.platform;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;

/** Sets where log lines go: readable ones to a person, JSON ones to a machine. */
public final class Logs {
  private static final String READABLE =
      "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg %kvp%n%ex{short}";

  private Logs() {}

  /** Lines for people, on standard error. */
  public static void readable() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(READABLE);
    use(encoder, "System.err");
  }

  /** One JSON object a line, on standard output. */
  public static void jsonLines() {
    use(new JsonLines(), "System.out");
  }

  private static void use(Encoder<ILoggingEvent> encoder, String target) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      encoder.setContext(context);
      encoder.start();
      ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
      console.setContext(context);
      console.setTarget(target);
      console.setEncoder(encoder);
      console.start();
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.setLevel(Level.WARN);
      root.addAppender(console);
      context.getLogger("io.livehook").setLevel(Level.INFO);
      // Its failures reach us as exceptions; what it logs beside them only frightens.
      context.getLogger("io.zonky").setLevel(Level.OFF);
    }
  }
}
