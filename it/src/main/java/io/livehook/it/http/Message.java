package io.livehook.it.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * A received request or answer, seen in the buffer of its connection. Valid only during the call it
 * is handed to; belongs to the thread of its {@link Server} or {@link Pump}.
 */
public sealed class Message permits Server.Request, Pump.Answer {
  private byte[] bytes = new byte[0];
  private int headTo;
  private int bodyFrom;
  private int bodyTo;
  private long at;

  Message() {}

  /** The instant the last byte was read, by {@link System#nanoTime}, which all processes share. */
  public final long at() {
    return at;
  }

  public final @Nullable String header(String lowerCaseName) {
    return Head.value(bytes, 0, headTo, lowerCaseName);
  }

  public final int headerCount(String lowerCaseName) {
    return Head.count(bytes, 0, headTo, lowerCaseName);
  }

  public final int bodyLength() {
    return bodyTo - bodyFrom;
  }

  public final byte bodyByte(int index) {
    return bytes[bodyFrom + index];
  }

  public final byte[] body() {
    byte[] copy = new byte[bodyTo - bodyFrom];
    System.arraycopy(bytes, bodyFrom, copy, 0, copy.length);
    return copy;
  }

  public final String text() {
    return new String(bytes, bodyFrom, bodyTo - bodyFrom, UTF_8);
  }

  public final int status() {
    return Head.status(bytes, 0);
  }

  /** The request target as sent. */
  public final String target() {
    int from = firstSpace(0) + 1;
    return new String(bytes, from, firstSpace(from) - from, ISO_8859_1);
  }

  public final boolean isPost() {
    return bytes[0] == 'P' && bytes[1] == 'O';
  }

  /** Where the message ends in {@code buffer}, or -1 when it has not arrived whole. */
  final int take(byte[] buffer, int filled, int headEnd, long now) {
    bytes = buffer;
    headTo = headEnd;
    bodyFrom = headEnd;
    at = now;
    if (Head.chunked(buffer, 0, headEnd)) {
      return takeChunks(filled);
    }
    bodyTo = headEnd + Head.contentLength(buffer, 0, headEnd);
    return bodyTo <= filled ? bodyTo : -1;
  }

  /** Moves the chunks together in place, but only once all of them are there. */
  private int takeChunks(int filled) {
    int end = endOfChunks(filled);
    if (end < 0) {
      return -1;
    }
    int read = bodyFrom;
    int write = bodyFrom;
    while (true) {
      int line = lineEnd(read, filled);
      int size = Integer.parseInt(new String(bytes, read, line - 2 - read, ISO_8859_1).strip(), 16);
      if (size == 0) {
        bodyTo = write;
        return end;
      }
      System.arraycopy(bytes, line, bytes, write, size);
      write += size;
      read = line + size + 2;
    }
  }

  private int endOfChunks(int filled) {
    int read = bodyFrom;
    while (true) {
      int line = lineEnd(read, filled);
      if (line < 0) {
        return -1;
      }
      int size = Integer.parseInt(new String(bytes, read, line - 2 - read, ISO_8859_1).strip(), 16);
      read = line + size + 2;
      if (read > filled) {
        return -1;
      }
      if (size == 0) {
        return read;
      }
    }
  }

  private int lineEnd(int from, int filled) {
    for (int i = from; i < filled; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private int firstSpace(int from) {
    int at = from;
    while (bytes[at] != ' ') {
      at++;
    }
    return at;
  }
}
