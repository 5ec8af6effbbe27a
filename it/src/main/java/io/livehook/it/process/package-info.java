/**
 * The processes under test, started, killed, frozen and measured: {@code BrokerProcess}, {@code
 * PostgresCluster}, {@code ProcFs}. Used from the thread of a test; nothing here is shared.
 */
@NullMarked
package io.livehook.it.process;

import org.jspecify.annotations.NullMarked;
