/** Carries out the lane's orders on PostgreSQL: append, flush, watermark, changes, reads. */
@NullMarked
package io.livehook.log;

import org.jspecify.annotations.NullMarked;
