/**
 * The benchmark ({@code Bench}), its raw client ({@code Raw}) and the profile ({@code Profile}).
 * One thread runs the show; loads and sinks have their own.
 */
@NullMarked
package io.livehook.it.bench;

import org.jspecify.annotations.NullMarked;
