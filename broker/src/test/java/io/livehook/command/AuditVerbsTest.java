package io.livehook.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditVerbsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private record Run(int exit, String out, String err) {}

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--set";
    all[arguments.length + 1] =
        "database.url=postgresql://%s:%s@%s:%d/%s"
            .formatted(
                DATABASE.url().user(),
                DATABASE.url().password().reveal(),
                DATABASE.url().host(),
                DATABASE.url().port(),
                DATABASE.url().database());
    int exit = Livehook.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
    return new Run(exit, out.toString(), err.toString());
  }

  /** Two tenants, two keys, one of them revoked: five rows in two chains; "ü" counts as two. */
  @BeforeAll
  static void someChanges() {
    assertThat(run("tenant", "create", "acme").exit()).isZero();
    assertThat(run("tenant", "create", "other").exit()).isZero();
    Run made = run("key", "create", "--tenant", "acme", "--role", "viewer", "--label", "für");
    String id = made.err().substring(made.err().indexOf("key_")).strip();
    assertThat(run("key", "revoke", id).exit()).isZero();
    assertThat(run("key", "revoke", id).exit()).as("again").isZero();
    assertThat(run("tenant", "delete", "other").exit()).isZero();
    assertThat(run("tenant", "delete", "other").exit()).as("it is gone").isEqualTo(1);
  }

  @Test
  void anAuditThatNobodyTouchedHolds() {
    Run run = run("audit", "verify", "--heads");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("tenant/1 3 ", "tenant/2 2 ", "5 rows in 2 chains, 0 faults");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update audit set actor = 'nobody' where number = 2 and chain = 'tenant/1'"
            + " | tenant/1: row 2 is not what its hash says",
        "update audit set at = at + interval '1 microsecond' where number = 1 and chain ="
            + " 'tenant/2' | tenant/2: row 1 is not what its hash says",
        "update audit set after = null where number = 2 and chain = 'tenant/1'"
            + " | tenant/1: row 2 is not what its hash says",
        "delete from audit where number = 2 and chain = 'tenant/1' | tenant/1: row 3 follows row 1",
        "delete from audit where number = 3 and chain = 'tenant/1' | tenant/1: ends at row 2, not"
            + " 3",
        "delete from audit where chain = 'tenant/2' | tenant/2: ends at row 0, not 2",
        "delete from audit_chain where chain = 'tenant/2' | tenant/2: a chain that nobody began",
      })
  void whateverIsChangedLaterShows(String change, String fault) {
    // Given
    DATABASE.execute(
        "create table kept as table audit", "create table kept_heads as table audit_chain");
    try {
      // When
      DATABASE.execute(change);
      Run run = run("audit", "verify");

      // Then
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains(fault);
    } finally {
      DATABASE.execute(
          "truncate audit, audit_chain",
          "alter table audit disable trigger audit_chained",
          "insert into audit overriding system value select * from kept",
          "insert into audit_chain select * from kept_heads",
          "alter table audit enable trigger audit_chained",
          "drop table kept, kept_heads");
    }
  }
}
