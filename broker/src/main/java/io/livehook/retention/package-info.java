/**
 * Makes the log's partitions ahead and drops those that every lane's floor has passed (PROTOCOL
 * R14). One loop per node; owns no rows but {@code resource_snapshot} and {@code
 * subscription_count}.
 */
@NullMarked
package io.livehook.retention;

import org.jspecify.annotations.NullMarked;
