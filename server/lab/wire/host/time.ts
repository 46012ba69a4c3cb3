/** The lab's time as a host needs it, and the lanes on which messages travel in it. */

export interface HostTime {
  /** While something happens its instant, else the clock's. */
  nowUs(): number;
  /** Happens then, in the order of instants, of equal ones in the order of the calls. */
  at(atUs: number, happen: () => void): void;
  /** Runs once all that has happened up to here is safe in the lab's store: what leaves the lab waits for this. */
  whenSafe(send: () => void): void;
}

/** One way between a client and the venue: first in, first out. */
export interface Lane {
  /** Arrives after the latency of the lane and `moreUs`, and not before what was sent before. */
  send(arrive: () => void, moreUs?: number): void;
  /** The same without keeping order: later messages may overtake it, and wait for nothing. */
  sendApart(arrive: () => void, moreUs: number): void;
}

export function createLane(time: HostTime, latencyUs: () => number): Lane {
  let lastUs = 0;
  return {
    send(arrive, moreUs = 0) {
      lastUs = Math.max(lastUs, time.nowUs() + latencyUs() + moreUs);
      time.at(lastUs, arrive);
    },
    sendApart(arrive, moreUs) {
      time.at(time.nowUs() + latencyUs() + moreUs, arrive);
    },
  };
}
