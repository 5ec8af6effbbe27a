/**
 * What the broker stands on: settings, the database it was given or carries along, migrations, ids,
 * logging. No step of the pipeline lives here, and this is the only package that may look at the
 * clock or wait. Nothing here runs on an event loop but {@link io.livehook.platform.Ids}.
 *
 * <p>Read {@link io.livehook.platform.Key} (the table of settings), {@link
 * io.livehook.platform.SettingsLoader}, {@link io.livehook.platform.EmbeddedDatabase}.
 */
@CheckReturnValue
@NullMarked
package io.livehook.platform;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
