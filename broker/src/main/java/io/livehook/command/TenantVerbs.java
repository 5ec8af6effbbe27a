package io.livehook.command;

import io.livehook.outcome.RetrySchedule;
import io.livehook.platform.Ids;
import io.livehook.security.Accounts;
import io.livehook.security.TenantSlug;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "tenant", description = "Accounts.", mixinStandardHelpOptions = true)
final class TenantVerbs implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: tenant create NAME, tenant delete NAME");
  }

  @Command(name = "create", description = "Makes a tenant.", mixinStandardHelpOptions = true)
  int create(
      @Parameters(paramLabel = "NAME", description = "1 to 40 of a-z, 0-9 and -; stands in URLs.")
          String name,
      @Option(
              names = "--retry-schedule",
              paramLabel = "SECONDS",
              description =
                  "Pauses between attempts, comma-separated whole seconds; for example 5,300,1800.")
          @Nullable String retrySchedule,
      @Mixin DatabaseOptions database)
      throws Exception {
    Optional<String> fault = TenantSlug.fault(name);
    if (fault.isPresent()) {
      throw new ParameterException(spec.commandLine(), "Not a tenant's name: " + fault.get());
    }
    checkSchedule(retrySchedule);
    try (Accounts accounts = database.accounts()) {
      Optional<UUID> id = accounts.createTenant(name, retrySchedule);
      if (id.isEmpty()) {
        spec.commandLine().getErr().println("There is a tenant " + name + " already.");
        return Exit.FAILED;
      }
      spec.commandLine().getOut().println(name + " " + Ids.text(Ids.Kind.TENANT, id.get()));
      return Exit.OK;
    }
  }

  @Command(
      name = "delete",
      description =
          "Deletes a tenant: its keys are void at once, a running broker ends its subscriptions"
              + " without a word to their callbacks.",
      mixinStandardHelpOptions = true)
  int delete(
      @Parameters(paramLabel = "NAME", description = "As in URLs. It is not given out again.")
          String name,
      @Mixin DatabaseOptions database)
      throws Exception {
    try (Accounts accounts = database.accounts()) {
      if (!accounts.deleteTenant(name)) {
        spec.commandLine().getErr().println("There is no tenant " + name + ".");
        return Exit.FAILED;
      }
      spec.commandLine().getOut().println(name + " is being deleted");
      return Exit.OK;
    }
  }

  private void checkSchedule(@Nullable String retrySchedule) {
    if (retrySchedule != null) {
      try {
        RetrySchedule unused = RetrySchedule.parse(retrySchedule);
      } catch (IllegalArgumentException fault) {
        throw new ParameterException(
            spec.commandLine(), "Not a retry schedule: it " + fault.getMessage());
      }
    }
  }
}
