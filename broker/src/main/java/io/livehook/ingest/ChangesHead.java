package io.livehook.ingest;

import io.livehook.http.Exchange;
import io.livehook.http.Fault;
import io.livehook.lane.Submission.ChangesIds;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The origin's own ids of its changes, as requests carry them (PUSH-3). Pure. */
final class ChangesHead {
  static final CharSequence PREVIOUS_CHANGES_ID =
      HttpHeaders.createOptimized("previous-changes-id");
  private static final CharSequence CHANGES_ID = HttpHeaders.createOptimized("changes-id");
  private static final int LONGEST = 512;

  private ChangesHead() {}

  static ChangesIds ofChanges(Exchange exchange, List<Fault> faults) {
    String id = exchange.header(CHANGES_ID);
    if (id == null) {
      faults.add(new Fault("header/Changes-Id", "missing", "the origin's own id of these changes"));
    }
    String previous = exchange.header(PREVIOUS_CHANGES_ID);
    check("header/Changes-Id", id, faults);
    check("header/Previous-Changes-Id", previous, faults);
    return new ChangesIds(id, previous);
  }

  /** A value may say up to which changes it goes: those that come next must follow them. */
  static ChangesIds ofValue(Exchange exchange, List<Fault> faults) {
    String id = exchange.header(CHANGES_ID);
    if (id == null) {
      return ChangesIds.NONE;
    }
    check("header/Changes-Id", id, faults);
    return new ChangesIds(id, null);
  }

  private static void check(String pointer, @Nullable String id, List<Fault> faults) {
    if (id != null
        && (id.isEmpty()
            || id.length() > LONGEST
            || !id.chars().allMatch(each -> each > ' ' && each <= '~'))) {
      faults.add(new Fault(pointer, "malformed", "1 to " + LONGEST + " visible ASCII characters"));
    }
  }
}
