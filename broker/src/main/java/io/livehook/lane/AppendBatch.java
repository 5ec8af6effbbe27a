package io.livehook.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One append statement (R6).
 *
 * @param created resources that the statement inserts first
 * @param keyed some line has an idempotency key
 */
public record AppendBatch(List<Line> lines, List<Resource> created, boolean keyed) {
  /** Something of a collection is among them. */
  public boolean chained() {
    return lines.stream().anyMatch(line -> line.update().place != null);
  }

  /** An update to insert, and who asked. */
  public record Line(Submission.Push push, Update update) {}

  /** What the idempotency table held for a line whose key was lost. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Stored(long update, byte[] bodyHash) {}

  /**
   * The statement has committed.
   *
   * @param lost per line what an earlier request stored; null elements were inserted; null = all
   *     were
   */
  public record Result(@Nullable List<@Nullable Stored> lost) {}
}
