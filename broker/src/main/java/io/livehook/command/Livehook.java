package io.livehook.command;

import io.livehook.platform.Logs;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The list of verbs. Runs on the main thread. */
@Command(
    name = "livehook",
    description = "A webhook subscription broker: tells subscribers that a web resource changed.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      Dev.class,
      Serve.class,
      Demo.class,
      Migrate.class,
      TenantVerbs.class,
      KeyVerbs.class,
      AuditVerbs.class,
      SecretVerbs.class,
      CheckConfig.class,
      Healthcheck.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ok",
      "1:failed",
      "2:wrong usage or settings",
      "3:something needed is missing or cannot be reached",
    })
public final class Livehook implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Livehook() {}

  public static void main(String[] args) {
    Logs.readable();
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    System.exit(run(out, err, args));
  }

  /** Runs one verb and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Livehook())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures())
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }
}
