package io.livehook.fuzz;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Random;

/** A parser of strangers' bytes with its oracle. Whatever comes, only declared errors come out. */
public interface Fuzzed {
  String name();

  /** Something near to what the parser takes: composed of what is tricky, or changed a little. */
  String generate(Random random);

  /**
   * Throws if the parser breaks its promise: it fails other than declared, or takes something that
   * it does not take back when it is written out again.
   *
   * @return whether it was taken
   */
  @CanIgnoreReturnValue
  boolean check(String text) throws Exception;
}
