import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Check } from "../../../server/cli/machine.ts";
import {
  NODE_MIN,
  judgeArchitecture,
  judgeClock,
  judgeDisk,
  judgeJournal,
  judgeMemory,
  judgeNode,
} from "../../../server/cli/machine.ts";

const MIB = 2 ** 20;
const steady = { wallAtMs: Date.UTC(2026, 0, 1), driftMs: 0.1, oversleptMs: 1 };

const JUDGEMENTS: readonly {
  readonly given: string;
  readonly check: Check;
  readonly status: Check["status"];
}[] = [
  { given: "Node 20.19", check: judgeNode("20.19.0"), status: "ok" },
  { given: "Node 22.1", check: judgeNode("22.1.0"), status: "ok" },
  { given: "Node 20.18", check: judgeNode("20.18.3"), status: "fatal" },
  { given: "Node 18.20", check: judgeNode("18.20.0"), status: "fatal" },
  { given: "linux-x64", check: judgeArchitecture("linux", "x64"), status: "ok" },
  { given: "linux-riscv64", check: judgeArchitecture("linux", "riscv64"), status: "attention" },
  { given: "1 GiB of memory", check: judgeMemory(1_024 * MIB), status: "ok" },
  { given: "1,023 MiB of memory", check: judgeMemory(1_023 * MIB), status: "attention" },
  { given: "255 MiB of memory", check: judgeMemory(255 * MIB), status: "fatal" },
  { given: "2 GiB of disk", check: judgeDisk(2_048 * MIB), status: "ok" },
  { given: "2,047 MiB of disk", check: judgeDisk(2_047 * MIB), status: "attention" },
  { given: "255 MiB of disk", check: judgeDisk(255 * MIB), status: "fatal" },
  { given: "commits below 250 ms", check: judgeJournal({ medianMs: 40, worstMs: 249.9 }), status: "ok" },
  { given: "a commit in 250 ms", check: judgeJournal({ medianMs: 4, worstMs: 250 }), status: "attention" },
  { given: "steady clocks", check: judgeClock(steady), status: "ok" },
  { given: "a wall clock stepped back", check: judgeClock({ ...steady, driftMs: -6 }), status: "attention" },
  {
    given: "a wall clock stepped forward",
    check: judgeClock({ ...steady, driftMs: 6 }),
    status: "attention",
  },
  {
    given: "a timer late by 251 ms",
    check: judgeClock({ ...steady, oversleptMs: 251 }),
    status: "attention",
  },
  { given: "a wall clock in 1970", check: judgeClock({ ...steady, wallAtMs: 0 }), status: "fatal" },
];

it.each(JUDGEMENTS)("judges $given: $status", ({ check, status }) => {
  expect(check.status).toBe(status);
});

it("names a mend for everything that is not in order", () => {
  const mends = JUDGEMENTS.flatMap(({ check }) => (check.status === "ok" ? [] : [check.mend]));
  expect(mends.filter((mend) => mend.length < 10)).toEqual([]);
});

it("asks for the Node that package.json asks for", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${NODE_MIN.major}.${NODE_MIN.minor}`);
});
