/**
 * Just enough HTTP/1.1 on NIO to load a broker and to receive from it at little CPU: {@code Pump}
 * sends, {@code Server} receives; each is one thread, and its callbacks run on it.
 */
@NullMarked
package io.livehook.it.http;

import org.jspecify.annotations.NullMarked;
