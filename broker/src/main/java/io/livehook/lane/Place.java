package io.livehook.lane;

import org.jspecify.annotations.Nullable;

/**
 * Where an update of a collection stands in the chain of its changes (CH-1, DLV-4). The checkpoint
 * of an update is its id; what the log holds of an object has no place.
 *
 * @param previous the update before, of whatever kind; 0 = the chain starts here
 * @param value the collection's newest value or deletion up to here; 0 = it never had one
 * @param sequence counts changes and deletions: {@code webhook-sequence} in mode changes (R7)
 * @param changesId the origin's own id of it, or null (PUSH-3, GAP-17)
 */
public record Place(long previous, long value, long sequence, @Nullable String changesId) {}
