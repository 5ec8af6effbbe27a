package io.livehook.platform;

import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SchemaTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @Test
  void theCommittedSchemaIsWhatTheMigrationsMake() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      CommittedFile.check("migrations/schema.sql", "schema", new SchemaDump(connection).text());
    }
  }
}
