package io.livehook.command;

import io.livehook.platform.DatabaseUrl;
import io.livehook.platform.SettingsException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what ended a verb into a sentence and an exit code; nobody wants a stack trace. */
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    line.getErr().println(sentence(failure));
    return code(failure);
  }

  private static String sentence(Exception failure) {
    if (failure instanceof SettingsException settings) {
      int faults = settings.faults().size();
      return "Livehook cannot use its settings (%d %s):%n%s"
          .formatted(faults, faults == 1 ? "fault" : "faults", settings.getMessage());
    }
    SQLException refused = cause(failure, SQLException.class);
    if (refused != null) {
      return "PostgreSQL: " + DatabaseUrl.mask(String.valueOf(refused.getMessage()));
    }
    String message = failure.getMessage();
    return message == null ? failure.toString() : DatabaseUrl.mask(message);
  }

  private static int code(Exception failure) {
    if (failure instanceof SettingsException) {
      return Exit.WRONG_SETTINGS;
    }
    SQLException refused = cause(failure, SQLException.class);
    String state = refused == null ? null : refused.getSQLState();
    boolean unreachable =
        failure instanceof NotReachable
            || (state != null && (state.startsWith("08") || state.startsWith("28")));
    return unreachable ? Exit.NOT_REACHABLE : Exit.FAILED;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> kind) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return kind.cast(at);
      }
    }
    return null;
  }
}
