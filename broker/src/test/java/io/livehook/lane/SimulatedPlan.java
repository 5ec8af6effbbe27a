package io.livehook.lane;

import java.util.List;

/**
 * What one run is about; runs differ so that each corner is met often.
 *
 * @param steps random actions before the quiet end
 * @param pause most milliseconds between two actions
 * @param faults permille of actions that are faults
 * @param moods permille of actions that change a callback
 * @param stalls permille of statements that take long
 * @param refusals permille of statements that PostgreSQL refuses
 * @param freezes permille of requests before which their node freezes
 * @param breaks permille of subscription changes at which their connection is lost; more and fewer
 *     at other moments, see {@link SimulatedFaults}
 * @param clocks permille of new owners whose clock is behind those before
 * @param retriesRead most waiting retries in one read
 * @param strict permille of subscriptions with order=strict
 * @param schedules retry schedules, seconds
 */
record SimulatedPlan(
    int lanes,
    int nodes,
    int resources,
    int callbacks,
    int steps,
    int pause,
    int faults,
    int moods,
    int stalls,
    int refusals,
    int freezes,
    int breaks,
    int clocks,
    int retriesRead,
    int strict,
    List<String> schedules,
    Limits limits) {
  static SimulatedPlan of(Chance chance) {
    boolean calm = chance.permille(150);
    Limits limits =
        new Limits(
            chance.between(1, 8),
            200,
            chance.between(5, 50),
            chance.between(2, 20),
            chance.between(3, 40),
            chance.between(2, 8),
            chance.of(List.of(0, 60, 400, 100_000)),
            60_000,
            chance.of(List.of(12, 40, 100_000)),
            chance.between(1, 6),
            chance.of(List.of(25_000, 90_000)));
    return new SimulatedPlan(
        chance.between(3, 5),
        chance.between(1, 3),
        chance.between(4, 7),
        chance.between(2, 5),
        chance.between(120, 420),
        chance.of(List.of(60, 300, 1_200)),
        calm ? 0 : chance.of(List.of(8, 25, 60)),
        chance.of(List.of(10, 40, 100)),
        chance.of(List.of(0, 5, 30)),
        calm ? 0 : chance.of(List.of(0, 5, 30)),
        calm ? 0 : chance.of(List.of(0, 0, 4)),
        calm ? 0 : chance.of(List.of(0, 20, 60)),
        calm ? 0 : chance.of(List.of(0, 300, 800)),
        chance.of(List.of(2, 5_000)),
        chance.of(List.of(0, 400, 1_000)),
        chance.of(
            List.of(List.of("1,2,5"), List.of("2,30", "1,1,1,1,1"), List.of("1", "20,70,90"))),
        limits);
  }
}
