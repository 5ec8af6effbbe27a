package io.livehook.delivery;

import org.jspecify.annotations.Nullable;

/** One attempt, as {@link OutboundHttp} sees it. Called on its event loop. */
public interface Exchange {
  /**
   * A connection is ready: the request whose bytes are written in this very turn, or null: nothing
   * is sent and the connection is given back.
   */
  @Nullable OutboundRequest ready();

  /**
   * The end, exactly once after {@link #ready} returned a request, or when no connection came
   * about.
   */
  void ended(AttemptResult result);
}
