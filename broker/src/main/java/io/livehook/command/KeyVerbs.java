package io.livehook.command;

import io.livehook.platform.Ids;
import io.livehook.security.Accounts;
import io.livehook.security.ApiKey;
import io.livehook.security.KeyWish;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import java.time.OffsetDateTime;
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

@Command(name = "key", description = "API keys.", mixinStandardHelpOptions = true)
final class KeyVerbs implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: key create, key revoke");
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
      @Option(
              names = "--label",
              defaultValue = "",
              paramLabel = "TEXT",
              description =
                  "The consumer that the key is for: it sees and changes only the subscriptions"
                      + " made under its label. For other roles a name for you.")
          String label,
      @Option(
              names = "--scope",
              defaultValue = "tenant",
              paramLabel = "tenant|*",
              description = "* = the key may act in any tenant (operators and viewers only).")
          String scope,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              description = "When it ends by itself, such as 2027-01-31T12:00:00Z.")
          @Nullable OffsetDateTime expires,
      @Mixin DatabaseOptions database)
      throws Exception {
    KeyWish wish = new KeyWish(role, reach(scope, role), checked(label), expires);
    ApiKey.Environment kind = database.dev() ? ApiKey.Environment.DEV : ApiKey.Environment.LIVE;
    try (Accounts accounts = database.accounts()) {
      Optional<ApiKey> key = accounts.createKey(kind, tenant, wish);
      if (key.isEmpty()) {
        spec.commandLine().getErr().println("There is no tenant " + tenant + ".");
        return Exit.FAILED;
      }
      spec.commandLine().getErr().println("Its id, for 'key revoke': " + key.get());
      spec.commandLine().getOut().println(key.get().reveal());
      return Exit.OK;
    }
  }

  @Command(
      name = "revoke",
      description = "Ends a key: a running broker refuses it within a second.",
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "ID", description = "The key's id, key_…; not the key itself.")
          String id,
      @Mixin DatabaseOptions database)
      throws Exception {
    Optional<UUID> key = Ids.parse(Ids.Kind.KEY, id);
    if (key.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Not the id of a key: it starts with key_");
    }
    try (Accounts accounts = database.accounts()) {
      if (!accounts.revokeKey(key.get())) {
        spec.commandLine().getErr().println("There is no key " + id + ".");
        return Exit.FAILED;
      }
      spec.commandLine().getOut().println(id + " revoked");
      return Exit.OK;
    }
  }

  private String checked(String label) {
    if (!KeyWish.isLabel(label)) {
      throw new ParameterException(spec.commandLine(), "--label is up to 100 printable characters");
    }
    return label;
  }

  private Scope reach(String scope, Role role) {
    if (scope.equals(Scope.TENANT.label())) {
      return Scope.TENANT;
    }
    if (!scope.equals(Scope.EVERYWHERE.label()) || !Scope.EVERYWHERE.allows(role)) {
      throw new ParameterException(
          spec.commandLine(), "--scope is tenant, or * for the roles operator and viewer");
    }
    return Scope.EVERYWHERE;
  }
}
