/**
 * Where updates come in: a PUT or DELETE of a resource, or many as lines. Each becomes a submission
 * to its lane, whose verdict becomes the answer. One instance per event loop; owns no tables.
 *
 * <p>Read {@link io.livehook.ingest.ValuePush}, {@link io.livehook.ingest.BatchIngest}, {@link
 * io.livehook.ingest.VerdictProblems}.
 */
@CheckReturnValue
@NullMarked
package io.livehook.ingest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
