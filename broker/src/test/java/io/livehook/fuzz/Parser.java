package io.livehook.fuzz;

import java.util.Random;

/** A parser under fuzz, put together from its name, its texts and its oracle. */
public record Parser(String name, Texts texts, Oracle oracle) implements Fuzzed {
  /** What {@link Fuzzed#check} does. */
  @FunctionalInterface
  public interface Oracle {
    boolean holds(String text) throws Exception;
  }

  @Override
  public String generate(Random random) {
    return texts.next(random);
  }

  @Override
  public boolean check(String text) throws Exception {
    return oracle.holds(text);
  }
}
