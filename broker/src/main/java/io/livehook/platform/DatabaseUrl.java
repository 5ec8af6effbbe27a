package io.livehook.platform;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL is: {@code postgresql://user:password@host:port/database?sslmode=…}, the same
 * text for both drivers. Immutable. Prints with the password masked.
 */
public record DatabaseUrl(
    String host,
    int port,
    String database,
    String user,
    Secret password,
    Map<String, String> parameters) {
  private static final Set<String> SCHEMES = Set.of("postgresql", "postgres");
  private static final Set<String> PARAMETERS =
      Set.of("sslmode", "sslrootcert", "application_name", "options", "user", "password");
  private static final Pattern PASSWORD = Pattern.compile("(://[^:/@]*:)[^@]*@");
  private static final String SHAPE = "write postgresql://user:password@host:5432/database";

  public DatabaseUrl {
    parameters = Map.copyOf(parameters);
  }

  /** Reads a URL; what is wrong with it is the exception's message, without the password. */
  public static DatabaseUrl parse(String text) {
    URI uri = uri(text);
    if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
      throw new IllegalArgumentException("not a PostgreSQL URL; " + SHAPE);
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("no host; " + SHAPE);
    }
    String path = uri.getRawPath();
    if (path == null || path.length() < 2 || path.indexOf('/', 1) > 0) {
      throw new IllegalArgumentException("no database; " + SHAPE);
    }
    Map<String, String> parameters = parameters(uri.getRawQuery());
    String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = userInfo.indexOf(':');
    String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
    String userParameter = parameters.remove("user");
    String passwordParameter = parameters.remove("password");
    return new DatabaseUrl(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        decode(path.substring(1)),
        user.isEmpty() && userParameter != null ? userParameter : user,
        new Secret(password.isEmpty() && passwordParameter != null ? passwordParameter : password),
        parameters);
  }

  /** The text with the password replaced by stars, whether or not it parses. */
  public static String mask(String text) {
    Matcher matcher = PASSWORD.matcher(text);
    return matcher.replaceAll("$1***@").replaceAll("([?&]password=)[^&]*", "$1***");
  }

  /** The same server, another database. */
  public DatabaseUrl withDatabase(String name) {
    return new DatabaseUrl(host, port, name, user, password, parameters);
  }

  /** The whole URL, password included: for another process, never for a log. */
  public String reveal() {
    return "postgresql://%s:%s@%s:%d/%s%s"
        .formatted(encode(user), encode(password.reveal()), host, port, encode(database), query());
  }

  public String jdbc() {
    return "jdbc:postgresql://%s:%d/%s%s".formatted(host, port, encode(database), query());
  }

  /** What JDBC wants beside {@link #jdbc()}. */
  public Properties jdbcProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.reveal());
    return properties;
  }

  /** Fresh options for the Vert.x client; the caller adds caching and time-outs. */
  public PgConnectOptions connectOptions() {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(database)
            .setUser(user)
            .setPassword(password.reveal());
    String sslMode = parameters.get("sslmode");
    return sslMode == null ? options : options.setSslMode(SslMode.of(sslMode));
  }

  @Override
  public String toString() {
    return mask(reveal());
  }

  private String query() {
    if (parameters.isEmpty()) {
      return "";
    }
    StringBuilder query = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach(
            (name, value) ->
                query
                    .append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(encode(value)));
    return query.toString();
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException broken) {
      throw new IllegalArgumentException(
          "not a URL (percent-encode special characters of the password); " + SHAPE, broken);
    }
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "unknown parameter '"
                + name
                + "'; known are "
                + String.join(", ", new TreeSet<>(PARAMETERS)));
      }
      parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
