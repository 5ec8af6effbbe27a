package io.livehook.platform;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A migrated database of its own for a test class:
 *
 * <pre>
 * &#64;RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
 * </pre>
 *
 * The server comes from {@code LIVEHOOK_TEST_DATABASE_URL} when set, else from a container engine
 * when one answers, else it is the embedded one. Databases are copies of a template that is
 * migrated once per JVM. Outside JUnit: {@link #create} and {@link #close}.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private final boolean migrated;
  private @Nullable DatabaseUrl url;

  private TestDatabase(boolean migrated) {
    this.migrated = migrated;
  }

  /** With all tables; created before the class's tests and dropped after them. */
  public static TestDatabase migrated() {
    return new TestDatabase(true);
  }

  /** Without any table. */
  public static TestDatabase empty() {
    return new TestDatabase(false);
  }

  public DatabaseUrl url() {
    if (url == null) {
      throw new IllegalStateException("not created yet: register it as a static extension");
    }
    return url;
  }

  /** A blocking connection, for preparing and checking rows. */
  public Connection connect() throws SQLException {
    return Jdbc.open(url());
  }

  /** Runs statements without result. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @CanIgnoreReturnValue
  public TestDatabase create() {
    TestServer server = TestServer.shared();
    String name = server.prefix() + COUNTER.incrementAndGet();
    server.execute(
        "create database %s template %s"
            .formatted(name, migrated ? server.template() : "template0"));
    url = server.url().withDatabase(name);
    return this;
  }

  @Override
  public void close() {
    if (url != null) {
      TestServer.shared().execute("drop database if exists " + url.database() + " with (force)");
      url = null;
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    create();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }
}
