/**
 * How late a value comes: its arrival against the engine's instant of it, less what that difference was at its
 * smallest. A stream that is behind shows old figures in an unbroken row; only the engine's time tells.
 */

/** Clocks of two machines drift apart; of one machine they do not. A delay of 5 s is believed after half a day. */
const DRIFT_SHARE = 1e-4;

export interface LagMeter {
  /** Milliseconds that the value is behind; 0 where it names no instant. Clocks: monotonic, in milliseconds. */
  readonly lagMs: (topic: string, value: unknown, arrivedMs: number) => number;
  /** The connection was lost: the way may be another one. */
  readonly restart: () => void;
}

export function createLagMeter(): LagMeter {
  let smallest: { readonly differenceMs: number; readonly atMs: number } | undefined;
  let speed = 1;
  const newest = new Map<string, number>();
  const restart = (): void => {
    smallest = undefined;
    newest.clear();
  };
  return {
    restart,
    lagMs: (topic, value, arrivedMs) => {
      const { atUs, clockSpeed = speed } = (value ?? {}) as { atUs?: number; clockSpeed?: number };
      if (typeof atUs !== "number") return 0;
      // A clock that runs otherwise, or goes back, is another engine's.
      if (clockSpeed !== speed || atUs < (newest.get(topic) ?? -Infinity)) restart();
      speed = clockSpeed;
      newest.set(topic, atUs);
      const differenceMs = arrivedMs - atUs / 1_000 / speed;
      const driftMs = smallest === undefined ? 0 : (arrivedMs - smallest.atMs) * DRIFT_SHARE;
      if (smallest === undefined || differenceMs < smallest.differenceMs + driftMs)
        smallest = { differenceMs, atMs: arrivedMs };
      return differenceMs - smallest.differenceMs - (arrivedMs - smallest.atMs) * DRIFT_SHARE;
    },
  };
}
