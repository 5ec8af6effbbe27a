/**
 * Decides from a history of updates, arrivals and crashes whether the promises were kept. Pure but
 * for a lock: the feeders are several threads.
 */
@NullMarked
package io.livehook.it.checker;

import org.jspecify.annotations.NullMarked;
