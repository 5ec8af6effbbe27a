/** Black-box tests: the packaged jar as a process. */
@NullMarked
package io.livehook.it;

import org.jspecify.annotations.NullMarked;
