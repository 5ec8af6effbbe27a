/** The broker as a whole: the program's entry and the one place that names every step. */
@NullMarked
package io.livehook;

import org.jspecify.annotations.NullMarked;
