/**
 * One HTTP request as the handlers see it: its exchange, its body, and how faults are told. Knows
 * no step of the pipeline. Everything runs on the event loop of the connection; owns no tables.
 *
 * <p>Before it comes to an exchange, {@link io.livehook.http.Connections} and its watches bound how
 * many connections there are and how long each may take.
 *
 * <p>Read {@link io.livehook.http.Exchange}, {@link io.livehook.http.Bodies}, {@link
 * io.livehook.http.Problem}.
 */
@CheckReturnValue
@NullMarked
package io.livehook.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
