package io.livehook.command;

import io.livehook.security.Accounts;
import io.livehook.security.ApiKey;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "key", description = "API keys.", mixinStandardHelpOptions = true)
final class KeyVerbs implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: key create");
  }

  @Command(
      name = "create",
      description = "Makes a key and prints it once; only its hash is stored.",
      mixinStandardHelpOptions = true)
  int create(
      @Option(names = "--tenant", required = true, paramLabel = "NAME") String tenant,
      @Option(
              names = "--role",
              required = true,
              description = "One of ${COMPLETION-CANDIDATES}, in any case.")
          Role role,
      @Option(names = "--label", defaultValue = "", description = "For you, to tell keys apart.")
          String label,
      @Option(
              names = "--scope",
              defaultValue = "tenant",
              paramLabel = "tenant|*",
              description = "* = the key may act in any tenant (operators and viewers only).")
          String scope,
      @Mixin DatabaseOptions database)
      throws Exception {
    Scope reach = reach(scope, role);
    ApiKey.Environment kind = database.dev() ? ApiKey.Environment.DEV : ApiKey.Environment.LIVE;
    try (Accounts accounts = database.accounts()) {
      Optional<ApiKey> key = accounts.createKey(kind, tenant, role, reach, label);
      if (key.isEmpty()) {
        spec.commandLine().getErr().println("There is no tenant " + tenant + ".");
        return Exit.FAILED;
      }
      spec.commandLine().getOut().println(key.get().reveal());
      return Exit.OK;
    }
  }

  private Scope reach(String scope, Role role) {
    if (scope.equals(Scope.TENANT.label())) {
      return Scope.TENANT;
    }
    boolean mayActEverywhere = role == Role.OPERATOR || role == Role.VIEWER;
    if (!scope.equals(Scope.EVERYWHERE.label()) || !mayActEverywhere) {
      throw new ParameterException(
          spec.commandLine(), "--scope is tenant, or * for the roles operator and viewer");
    }
    return Scope.EVERYWHERE;
  }
}
