/**
 * Consumers: {@code Receiver} verifies each delivery and behaves as told, {@code Sink} only counts.
 * Each runs on the thread of its server.
 */
@NullMarked
package io.livehook.it.receiver;

import org.jspecify.annotations.NullMarked;
