package io.livehook.fuzz;

import java.util.List;
import java.util.Random;

/** Texts for fuzzing, of pieces and of changed examples. */
public final class Texts {
  private static final List<String> TRICKS =
      List.of(
          "",
          " ",
          "\t",
          "\r\n",
          "\0",
          "\u007f",
          "%",
          "%00",
          "%zz",
          "%C3%A9",
          "%ff",
          "+",
          "&",
          "=",
          ";",
          ",",
          "\"",
          "'",
          "\\",
          "/",
          "-",
          "-1",
          "0",
          "00",
          "9",
          "99999999999999999999",
          "1e308",
          "NaN",
          "é",
          "€",
          "\ud83d\ude00",
          "\ud800",
          "\u202e",
          "\ufeff",
          "５",
          "{",
          "}",
          "[",
          "]",
          ":",
          "null");

  private final List<String> pieces;
  private final List<String> examples;

  public Texts(List<String> pieces, List<String> examples) {
    this.pieces = pieces;
    this.examples = examples;
  }

  /** Half composed, half changed; sometimes very long. */
  public String next(Random random) {
    StringBuilder text = new StringBuilder();
    if (random.nextBoolean()) {
      for (int i = random.nextInt(10); i > 0; i--) {
        text.append(piece(random));
      }
      return text.toString();
    }
    text.append(examples.get(random.nextInt(examples.size())));
    for (int i = random.nextInt(4); i > 0; i--) {
      change(text, random);
    }
    return random.nextInt(1_000) == 0 ? text.toString().repeat(500) : text.toString();
  }

  private void change(StringBuilder text, Random random) {
    int at = random.nextInt(text.length() + 1);
    switch (random.nextInt(3)) {
      case 0 -> text.insert(at, piece(random));
      case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
      default -> text.replace(at, Math.min(text.length(), at + 1), piece(random));
    }
  }

  private String piece(Random random) {
    List<String> from = random.nextInt(3) == 0 ? TRICKS : pieces;
    return from.get(random.nextInt(from.size()));
  }
}
