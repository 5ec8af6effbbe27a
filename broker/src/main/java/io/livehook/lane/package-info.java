/**
 * The lane protocol as a plain single-threaded state machine: facts in, {@link
 * io.livehook.lane.Orders orders} out. No I/O, no clock, no library; the shells in {@code log},
 * {@code delivery} and {@code outcome} carry the orders out, and the simulation in the tests does
 * so with a simulated world.
 *
 * <p>Read {@link io.livehook.lane.Owner} first (the list of facts), then {@code Lane}, {@code
 * Appends} (R6), {@code Dispatch} (R8, R13), {@code Endings} (R9), {@code Watermark} (R10), {@code
 * Flushes} (R11), {@code Changes} (R12).
 */
@NullMarked
package io.livehook.lane;

import org.jspecify.annotations.NullMarked;
