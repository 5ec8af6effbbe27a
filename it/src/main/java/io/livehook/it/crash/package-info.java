/** Kills the broker and PostgreSQL at random moments under load and lets the checker judge. */
@NullMarked
package io.livehook.it.crash;

import org.jspecify.annotations.NullMarked;
