package io.livehook.command;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "healthcheck",
    description = "Asks the broker on this host whether it is ready; for containers.",
    mixinStandardHelpOptions = true)
final class Healthcheck implements Callable<Integer> {
  private static final int PATIENCE = 3000;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--url", paramLabel = "URL", description = "Default: /readyz on the port set.")
  private String url = "";

  @Override
  public Integer call() {
    String asked = url.isEmpty() ? "http://127.0.0.1:" + port(System.getenv()) + "/readyz" : url;
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(asked).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE);
      connection.setReadTimeout(PATIENCE);
      int status = connection.getResponseCode();
      spec.commandLine().getOut().println(asked + " answers " + status);
      return status == HttpURLConnection.HTTP_OK ? Exit.OK : Exit.FAILED;
    } catch (IOException | IllegalArgumentException | ClassCastException silent) {
      spec.commandLine().getErr().println(asked + " does not answer: " + silent.getMessage());
      return Exit.FAILED;
    }
  }

  private static String port(Map<String, String> environment) {
    return environment.getOrDefault("LIVEHOOK_HTTP_PORT", "8080");
  }
}
