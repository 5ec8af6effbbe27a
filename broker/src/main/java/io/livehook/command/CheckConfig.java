package io.livehook.command;

import io.livehook.platform.Mode;
import io.livehook.platform.Settings;
import io.livehook.platform.SettingsLoader;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "check-config",
    description = "Checks the settings as 'serve' would, and lists every fault.",
    mixinStandardHelpOptions = true)
final class CheckConfig implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--print", description = "Prints all keys with value (secrets masked), source.")
  private boolean print;

  @Option(names = "--dev", description = "Checks as 'dev' would.")
  private boolean dev;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    SettingsLoader loader = settings.gather(dev ? Mode.DEV : Mode.SERVE, Map.of());
    if (print) {
      for (SettingsLoader.Line line : loader.lines()) {
        out.printf("%-22s %-40s %s%n", line.key(), line.value(), line.source());
      }
    }
    Settings loaded = loader.load();
    Settings checked = dev ? loaded : loaded.needingMasterKey();
    out.println("The settings are fine for " + (dev ? "dev" : "serve") + ".");
    return checked.node().name().isEmpty() ? Exit.FAILED : Exit.OK;
  }
}
