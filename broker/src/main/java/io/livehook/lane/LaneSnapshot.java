package io.livehook.lane;

import java.util.List;

/**
 * A lane as its new owner found it after the takeover (R4).
 *
 * @param tail max(watermark, newest id of the lane)
 * @param above heads of the log rows above the watermark, oldest first
 * @param attempts what is already done of them
 * @param resources resources that have behind rows or waiting retries of updates above the
 *     watermark
 */
public record LaneSnapshot(
    int lane,
    long watermark,
    long tail,
    List<LogRow> above,
    List<LogRead.RecoveredAttempt> attempts,
    long[] resources) {}
