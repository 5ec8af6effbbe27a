/**
 * The broker seen from outside: the packaged jar as a process, real PostgreSQL, real sockets.
 *
 * <p>Reading order: {@code process} starts and kills what is tested, {@code http} is the wire,
 * {@code load} pushes updates, {@code receiver} takes deliveries, {@code checker} judges the
 * history, {@code crash} and {@code bench} put them together. Nothing here knows the broker's code
 * but the raw client of the benchmark.
 */
@NullMarked
package io.livehook.it;

import org.jspecify.annotations.NullMarked;
