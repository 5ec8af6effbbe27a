/**
 * The command line: one class per verb, and what {@code dev}, {@code serve} and {@code demo} stand
 * on. Runs on the main thread and may block; owns no tables.
 *
 * <p>Read {@link io.livehook.command.Livehook}, then the verb you care about.
 */
@CheckReturnValue
@NullMarked
package io.livehook.command;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
