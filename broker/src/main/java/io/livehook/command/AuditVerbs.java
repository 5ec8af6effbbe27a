package io.livehook.command;

import io.livehook.platform.Jdbc;
import java.io.PrintWriter;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "audit", description = "Who changed what.", mixinStandardHelpOptions = true)
final class AuditVerbs implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: audit verify");
  }

  @Command(
      name = "verify",
      description = "Computes every hash of the audit's chains again; 0 only if all hold.",
      mixinStandardHelpOptions = true)
  int verify(
      @Option(
              names = "--heads",
              description =
                  "Print where each chain ends: kept elsewhere, it shows later what was rewritten.")
          boolean heads,
      @Mixin DatabaseOptions database)
      throws Exception {
    AuditCheck check;
    try (Connection connection = Jdbc.open(database.load().databaseUrl())) {
      check = AuditCheck.run(connection);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (heads) {
      check.heads().forEach((chain, head) -> out.println(chain + " " + head.text()));
    }
    check.faults().forEach(spec.commandLine().getErr()::println);
    out.printf(
        "%d rows in %d chains, %d faults%n",
        check.rows(), check.heads().size(), check.faults().size());
    return check.faults().isEmpty() ? Exit.OK : Exit.FAILED;
  }
}
