import { execFileSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { Argument, InvalidArgumentError, type Command } from "commander";
import { benchCore } from "../../bench/core.ts";
import { benchLab } from "../../bench/lab.ts";
import { measureFloor } from "../../bench/loopbackFloor.ts";
import { brokenBudgets, type Distribution, type Measurement, type Suite } from "../../bench/measure.ts";
import { benchMemory, MEMORY_MINUTES } from "../../bench/memory.ts";
import { benchWeb } from "../../bench/web.ts";
import { benchWire, WARM_UP_FRAMES } from "../../bench/wire.ts";
import { UserError } from "../../contract/errors.ts";
import { UsageError } from "../errors.ts";
import { createOutput, withJson } from "../output.ts";

type RunSuite = (onProgress: (done: string) => void, flags: Flags) => Promise<Suite>;

const SUITES: Readonly<Record<string, RunSuite>> = {
  core: benchCore,
  lab: benchLab,
  web: benchWeb,
  memory: (onProgress, { minutes = MEMORY_MINUTES }) => benchMemory(onProgress, minutes),
  wire: (onProgress, { warmUp = WARM_UP_FRAMES }) => benchWire(onProgress, warmUp),
};

interface Flags {
  readonly json?: boolean;
  readonly minutes?: number;
  readonly warmUp?: number;
}

/** Above it the machine was busy with something else, and the run is repeated. */
const FLOOR_P99_MAX_US = 1_000;
const ATTEMPTS_MAX = 3;

/** A day; every sample is kept until the end. */
const MINUTES_MAX = 1_440;
const FRAMES_MAX = 100_000;

export function registerBench(program: Command): void {
  const command = program
    .command("bench")
    .description("benchmarks on this machine, checked against their budgets")
    .addArgument(new Argument("[suite]", "what is measured").choices(Object.keys(SUITES)).default("core"))
    .option("--minutes <n>", `with memory: how long (default: ${MEMORY_MINUTES}; a soak: 60)`, parseMinutes)
    .option(
      "--warm-up <frames>",
      `with wire: frames before it counts (default: ${WARM_UP_FRAMES})`,
      parseFrames,
    );
  withJson(command).action(async (name: string, flags: Flags) => {
    if (flags.minutes !== undefined && name !== "memory") throw new UsageError("--minutes goes with memory");
    if (flags.warmUp !== undefined && name !== "wire") throw new UsageError("--warm-up goes with wire");
    const output = createOutput(flags);
    const bench = SUITES[name];
    if (bench === undefined)
      throw new UserError(`there is no suite ${name}: choose ${Object.keys(SUITES).join(", ")}`);
    const floor = await quietFloor((text) => output.line(text));
    const say = (text: string): void => void process.stderr.write(`measuring: ${text}\n`);
    const suite = await bench(say, flags);
    output.result({ suite: name, machine: machine(), commit: commit(), floor, results: suite.results });
    const { cpu, cores, node } = machine();
    output.line(`${cpu}, ${cores} cores, Node ${node}, commit ${commit()}`);
    for (const result of [floor, ...suite.results]) output.line(describe(result));
    const broken = brokenBudgets(suite);
    if (broken.length > 0) throw new UserError(`over budget: ${broken.join("; ")}`);
    output.line("every budget is kept");
  });
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (minutes >= 1 && minutes <= MINUTES_MAX) return minutes;
  throw new InvalidArgumentError(`It must be a number of minutes from 1 to ${MINUTES_MAX}.`);
}

function parseFrames(text: string): number {
  const frames = Number(text);
  if (Number.isInteger(frames) && frames >= 1 && frames <= FRAMES_MAX) return frames;
  throw new InvalidArgumentError(`It must be a whole number of frames from 1 to ${FRAMES_MAX}.`);
}

async function quietFloor(say: (text: string) => void): Promise<Distribution> {
  for (let attempt = 1; ; attempt++) {
    const floor = await measureFloor();
    if (floor.p99 <= FLOOR_P99_MAX_US) return floor;
    if (attempt === ATTEMPTS_MAX)
      throw new UserError(
        `this machine is too busy to measure on (loopback p99 ${floor.p99} µs): try again when it is idle`,
      );
    say(`loopback p99 is ${floor.p99} µs: measuring the floor again`);
  }
}

function describe(result: Measurement): string {
  const name = result.name.padEnd(20);
  if ("value" in result) return `${name}  ${result.value.toLocaleString("en")} ${result.unit}`;
  const { unit, p50, p95, p99, max, n } = result;
  return `${name}  p50 ${p50} ${unit}, p95 ${p95}, p99 ${p99}, max ${max} (n ${n})`;
}

function machine(): { cpu: string; cores: number; node: string } {
  return { cpu: cpus()[0]?.model ?? "unknown", cores: availableParallelism(), node: process.version };
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    // Outside a checkout there is no commit to name.
    return "none";
  }
}
