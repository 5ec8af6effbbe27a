package io.livehook.lane;

/**
 * Rules of PROTOCOL that live outside the lane, each broken on purpose by the simulated world; see
 * {@code MutantsTest}.
 */
enum Breach {
  NONE,
  /** R2: the append is not fenced. */
  APPEND_UNFENCED,
  /** R2: the flush is not fenced. */
  FLUSH_UNFENCED,
  /** R2: subscription changes are not fenced. */
  CHANGE_UNFENCED,
  /** R3: an owner lives on with a new connection and sends its statement again. */
  SENT_AGAIN,
  /** R4: the lanes are read before the old owner has ended. */
  READ_BEFORE_END,
  /** R4: what is done above the watermark is not read. */
  DONE_NOT_READ,
  /** R4: waiting retries of updates above the watermark are not read. */
  RETRIES_NOT_READ,
  /** R4: ids start at the clock, not above what the lane has used. */
  IDS_FROM_CLOCK,
  /** R5: a node goes on when its lease has run out. */
  NO_LEASE,
  /** R6: the log insert does not wait for the fate of its idempotency key. */
  KEYS_UNCHECKED,
  /** R11: a flush is not atomic: its rows are committed one by one, behind rows first. */
  FLUSH_IN_PIECES,
  /** R12: subscription changes are committed asynchronously. */
  CHANGE_ASYNCHRONOUS,
  /** R12: the end of a subscription leaves its waiting retries. */
  ROWS_LEFT,
  /** R12: POSTs of an ended subscription run on. */
  NOT_ABORTED,
  /** R13: a flush that something waits for is committed asynchronously. */
  FLUSH_ASYNCHRONOUS,
  /** R14: the statement that raises floors does not heed behind rows; the lane does so as well. */
  FLOORS_AS_GIVEN,
  /** R14: the log is dropped up to its watermarks, whatever the floors say. */
  DROPPED_AT_WATERMARK,
}
