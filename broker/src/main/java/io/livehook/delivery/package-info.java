/**
 * Makes the POSTs. {@link io.livehook.delivery.DeliverySender} carries out the lane's orders;
 * {@link io.livehook.delivery.OutboundHttp} is the only class that opens a socket to a stranger,
 * and only to where package {@code guard} lets it. One of each per event loop; nothing is shared
 * between loops.
 */
@NullMarked
package io.livehook.delivery;

import org.jspecify.annotations.NullMarked;
