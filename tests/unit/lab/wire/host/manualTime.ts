/** The lab's time as a test moves it: what is due happens in order. */
import type { HostTime } from "../../../../../server/lab/wire/host/time.ts";
import { TimeHeap } from "../../../../../server/lab/world/timeHeap.ts";

export function manualTime(setNow: (atUs: number) => void, startUs: number) {
  const heap = new TimeHeap<() => void>();
  let nowUs = startUs;
  const move = (atUs: number): void => setNow((nowUs = atUs));
  const time: HostTime = {
    nowUs: () => nowUs,
    at: (atUs, happen) => heap.push(atUs, 0, happen),
    whenSafe: (send) => send(),
  };
  return {
    time,
    runFor(us: number) {
      const untilUs = nowUs + us;
      while (heap.nextAtUs <= untilUs) {
        move(Math.max(nowUs, heap.nextAtUs));
        heap.pop()();
      }
      move(untilUs);
    },
  };
}
