package io.livehook.command;

import io.livehook.platform.Jdbc;
import io.livehook.platform.Settings;
import io.livehook.security.MasterKeys;
import java.io.PrintWriter;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "secrets",
    description = "The encryption of stored secrets.",
    mixinStandardHelpOptions = true)
final class SecretVerbs implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: secrets rewrap");
  }

  @Command(
      name = "rewrap",
      description =
          "Wraps all data keys by the first of the master keys, while brokers run. Afterwards, and"
              + " once every broker has been started with it, older master keys may be taken away.",
      mixinStandardHelpOptions = true)
  int rewrap(@Mixin DatabaseOptions database) throws Exception {
    Settings settings = database.load().needingMasterKey();
    MasterKeys masters = MasterKeys.parse(settings.masterKey().read());
    Rewrap.Done done;
    try (Connection connection = Jdbc.open(settings.databaseUrl())) {
      done = Rewrap.run(connection, masters);
    }
    PrintWriter out = spec.commandLine().getOut();
    done.faults().forEach(spec.commandLine().getErr()::println);
    out.printf(
        "%d data keys wrapped by master key %s, %d could not be%n",
        done.rewrapped(), masters.current(), done.faults().size());
    if (done.unsealed() > 0) {
      out.printf(
          "%d secrets are stored in the clear: a running broker encrypts them%n", done.unsealed());
    }
    return done.faults().isEmpty() ? Exit.OK : Exit.FAILED;
  }
}
