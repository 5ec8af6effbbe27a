/**
 * Decides what an attempt means: {@link io.livehook.outcome.OutcomePolicy} is pure, {@link
 * io.livehook.outcome.Breakers} remembers failures per callback. No I/O.
 */
@NullMarked
package io.livehook.outcome;

import org.jspecify.annotations.NullMarked;
