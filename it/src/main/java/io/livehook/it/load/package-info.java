/**
 * Origins and subscribers: {@code Publishers} push updates at a {@code Pace} and tell a {@code
 * Ledger}; {@code Subscriber} subscribes callbacks. All callbacks run on a pump's thread.
 */
@NullMarked
package io.livehook.it.load;

import org.jspecify.annotations.NullMarked;
