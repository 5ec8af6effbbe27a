/** The command line: one class per verb. Runs on the main thread; owns no tables. */
@NullMarked
package io.livehook.command;

import org.jspecify.annotations.NullMarked;
