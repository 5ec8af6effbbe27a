package io.livehook.command;

import io.livehook.platform.Migrations;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "migrate",
    description = "Brings the database to the schema of this version; forward only.",
    mixinStandardHelpOptions = true)
final class Migrate implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  @Option(names = "--dry-run", description = "Only lists what would run.")
  private boolean dryRun;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Migrations migrations = new Migrations(database.load().databaseUrl());
    List<String> pending = migrations.pending();
    pending.forEach(out::println);
    if (dryRun) {
      out.println(pending.isEmpty() ? "Nothing to do." : "Nothing was changed (--dry-run).");
    } else {
      out.println("Migrations run: " + migrations.migrate());
    }
    return Exit.OK;
  }
}
