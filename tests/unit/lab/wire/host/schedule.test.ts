import { expect, it } from "vitest";
import { UserError } from "../../../../../server/contract/errors.ts";
import { WIRE_FAULT_KINDS, WireFault, WireFaultPlan } from "../../../../../server/contract/wireFaults.ts";
import type { VenueHost } from "../../../../../server/lab/wire/host/host.ts";
import { startFaultSchedule } from "../../../../../server/lab/wire/host/schedule.ts";
import type { HostTime } from "../../../../../server/lab/wire/host/time.ts";
import { TimeHeap } from "../../../../../server/lab/world/timeHeap.ts";

/** Two hosts that only write down what befalls them, and a clock that runs as far as it is told. */
function stage() {
  const heard: { readonly atS: number; readonly venue: string; readonly fault: WireFault }[] = [];
  const heap = new TimeHeap<() => void>();
  let nowUs = 0;
  const time: HostTime = {
    nowUs: () => nowUs,
    at: (atUs, happen) => heap.push(atUs, 0, happen),
    whenSafe: (send) => send(),
  };
  const hosts = ["binance", "okx", "kraken"].map((venue) => ({
    front: { hasOpenBans: venue === "kraken" },
    core: { venue, listings: [{ instrument: 3 }, { instrument: 4 }] },
    fault: (fault: WireFault) => void heard.push({ atS: nowUs / 1e6, venue, fault }),
  })) as unknown as VenueHost[];
  return {
    heard,
    time,
    hosts,
    runTo(atS: number) {
      while (heap.nextAtUs <= atS * 1e6) {
        nowUs = heap.nextAtUs;
        heap.pop()();
      }
    },
  };
}

function run(plan: WireFaultPlan, toS: number) {
  const { heard, time, hosts, runTo } = stage();
  startFaultSchedule(plan, hosts, time);
  runTo(toS);
  return heard;
}

const PLAN = WireFaultPlan.parse({ seed: 1, everyS: 10 });

it("strikes once every so often, with every kind, at every venue, within what can be ordered by hand", () => {
  const heard = run(PLAN, 6_000);
  expect(heard.slice(0, 3).map(({ atS }) => atS)).toEqual([10, 20, 30]);
  expect(heard).toHaveLength(600);
  expect(new Set(heard.map(({ fault }) => fault.kind))).toEqual(new Set(WIRE_FAULT_KINDS));
  expect(new Set(heard.map(({ venue }) => venue))).toEqual(new Set(["binance", "okx", "kraken"]));
  for (const { fault } of heard) expect(WireFault.parse(fault)).toEqual(fault);
});

it("is the same for the same seed and another for another", () => {
  expect(run(PLAN, 500)).toEqual(run(PLAN, 500));
  expect(run({ ...PLAN, seed: 2 }, 500)).not.toEqual(run(PLAN, 500));
});

it("keeps to its kinds and venues, and names venues that are not there", () => {
  const heard = run({ ...PLAN, kinds: ["gap"], venues: ["okx"] }, 200);
  expect(new Set(heard.map(({ venue, fault }) => `${venue} ${fault.kind}`))).toEqual(new Set(["okx gap"]));
  expect(() => run({ ...PLAN, venues: ["ftx"] }, 1)).toThrow(UserError);
});

it.each(["ban", "rateLimited"] as const)(
  "orders a %s for some seconds, and only where the venue says when it ends",
  (kind) => {
    const ordered = run({ ...PLAN, kinds: ["gap", kind] }, 2_000).filter(({ fault }) => fault.kind === kind);
    expect(new Set(ordered.map(({ venue }) => venue))).toEqual(new Set(["binance", "okx"]));
    for (const { fault } of ordered) expect(fault.kind === kind && fault.forMs).toBeLessThanOrEqual(4_000);
    expect(() => run({ ...PLAN, kinds: [kind] }, 1)).toThrow("bans at kraken have no end that it tells");
  },
);

it("does nothing more once it is stopped", () => {
  const { heard, time, hosts, runTo } = stage();
  const schedule = startFaultSchedule(PLAN, hosts, time);
  runTo(25);
  schedule.stop();
  runTo(100);
  expect(heard).toHaveLength(2);
});
