package io.livehook.delivery;

import io.vertx.core.buffer.Buffer;

/**
 * What is sent: header names and values in turn, and a body that other requests may share.
 *
 * @param headers name, value, name, value …; ours only
 */
@SuppressWarnings("ArrayRecordComponent")
public record OutboundRequest(CharSequence[] headers, Buffer body) {}
