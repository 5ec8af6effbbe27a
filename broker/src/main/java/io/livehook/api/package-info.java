/**
 * The HTTP server's side: which URL goes where, who may, and the JSON API for operators. One {@link
 * io.livehook.api.HttpApi} per event loop; owns no tables.
 *
 * <p>Read {@link io.livehook.api.HttpApi} (the list of routes), {@link io.livehook.api.Router}.
 */
@CheckReturnValue
@NullMarked
package io.livehook.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
