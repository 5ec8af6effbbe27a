package io.livehook.ingest;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts what arrives in chunks into lines. Never holds more than the longest line allowed: of a
 * longer one only the fact is handed on.
 */
final class LineSplitter {
  private static final byte[] NONE = {};

  private final int longest;
  private final Consumer<byte[]> line;
  private final Runnable tooLong;
  private byte[] held = NONE;
  private int length;
  private boolean skipping;

  LineSplitter(int longest, Consumer<byte[]> line, Runnable tooLong) {
    this.longest = longest;
    this.line = line;
    this.tooLong = tooLong;
  }

  void add(Buffer chunk) {
    byte[] bytes = chunk.getBytes();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        hold(bytes, start, i);
        end();
        start = i + 1;
      }
    }
    hold(bytes, start, bytes.length);
  }

  /** The last line may lack its end. */
  void end() {
    if (skipping) {
      tooLong.run();
    } else if (length > 0) {
      byte[] whole = Arrays.copyOf(held, length);
      if (!blank(whole)) {
        line.accept(whole);
      }
    }
    skipping = false;
    length = 0;
  }

  private void hold(byte[] bytes, int from, int to) {
    int wanted = length + to - from;
    if (skipping || wanted > longest) {
      skipping = true;
      held = NONE;
      length = 0;
      return;
    }
    if (wanted > held.length) {
      held = Arrays.copyOf(held, Math.max(wanted, Math.min(longest, held.length * 2)));
    }
    System.arraycopy(bytes, from, held, length, to - from);
    length = wanted;
  }

  private static boolean blank(byte[] bytes) {
    for (byte each : bytes) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }
}
