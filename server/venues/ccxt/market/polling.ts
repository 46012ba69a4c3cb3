/** A question that is asked again and again, one at a time: the next wait begins when the answer is there. */
import { describeError } from "../gateway/describeError.ts";
import { Backoff } from "./backoff.ts";

export interface Polling {
  /** Asks sooner than it would have, but not too soon after the question before. */
  hurry(): void;
  stop(): void;
}

interface PollingOptions {
  readonly nowUs: () => number;
  /** How much faster that clock runs than the machine's. */
  readonly speed: number;
  readonly everyMs: number;
  /** Between two questions at least. */
  readonly apartMs: number;
  readonly poll: () => Promise<void>;
  readonly onError: (text: string) => void;
}

type State = "asking" | "waiting" | "hurrying" | "stopped";

const RETRY = { firstMs: 500, maxMs: 30_000, stableAfterMs: 0 };

export function startPolling({ nowUs, speed, everyMs, apartMs, poll, onError }: PollingOptions): Polling {
  const backoff = new Backoff(RETRY);
  let timer: NodeJS.Timeout | undefined;
  let askedAtUs = 0;
  let state: State = "asking";

  function later(waitMs: number, as: "waiting" | "hurrying"): void {
    clearTimeout(timer);
    state = as;
    timer = setTimeout(() => void ask(), waitMs / speed);
  }

  /** What is left of the time between two questions. */
  function soonMs(): number {
    return Math.max(0, apartMs - (nowUs() - askedAtUs) / 1_000);
  }

  async function ask(): Promise<void> {
    state = "asking";
    askedAtUs = nowUs();
    let waitMs = everyMs;
    try {
      await poll();
      backoff.up(nowUs());
    } catch (error) {
      if (is("stopped")) return;
      onError(describeError(error));
      waitMs = Math.max(RETRY.firstMs, backoff.failed(nowUs()));
    }
    if (is("stopped")) return;
    if (is("hurrying")) later(Math.min(waitMs, soonMs()), "hurrying");
    else later(waitMs, "waiting");
  }

  /** The compiler does not see that it changes while an answer is waited for. */
  function is(wanted: State): boolean {
    return state === wanted;
  }

  void ask();
  return {
    hurry() {
      if (state === "waiting") later(soonMs(), "hurrying");
      else if (state === "asking") state = "hurrying";
    },
    stop() {
      state = "stopped";
      clearTimeout(timer);
    },
  };
}
