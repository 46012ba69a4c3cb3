/** The flags of `backtest`: what each value may be, which exclude each other, and the settings they make. */
import { readFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { UserError } from "../contract/errors.ts";
import { PARAM_NAMES, PARAMS, type ParamName, type ParamValue } from "../contract/params.ts";
import type { FeeTier } from "../lab/fees.ts";
import type { LatencyPreset } from "../lab/world/latency.ts";
import { parseSettings, type BacktestSettings } from "../replay/settings.ts";
import { UsageError } from "./errors.ts";

export interface BacktestFlags {
  readonly demo?: boolean;
  readonly hours?: number;
  readonly recording?: string;
  readonly from?: string;
  readonly to?: string;
  readonly stretch?: number | "longest";
  readonly config?: string;
  readonly set?: ReadonlyMap<ParamName, ParamValue>;
  readonly assume?: ReadonlyMap<string, number>;
  readonly fees?: FeeTier;
  readonly latency?: LatencyPreset;
  readonly capital?: number;
  readonly seed?: number;
  readonly journal?: string;
  /** False: no report; true: under its default name. */
  readonly report: string | boolean;
  readonly home: string;
  readonly json?: boolean;
}

const RECORDING_ONLY = ["from", "to", "stretch", "assume", "fees"] as const;

/** The demo brings its own venues, fees and stock. */
const DEMO_SETTINGS: ReadonlySet<string> = new Set(["seed", "parameters", "scoped", "latency"]);

export function checkFlags(flags: BacktestFlags): void {
  const { demo, recording, hours, from, to, stretch, capital, set } = flags;
  if (demo && recording !== undefined) throw new UsageError("--demo and --recording exclude each other");
  if (!demo && recording === undefined)
    throw new UsageError("say what to run on: --demo, or --recording with the folder of a recording");
  if (!demo && hours !== undefined)
    throw new UsageError("--hours goes with --demo; a recording has --from and --to");
  const alien = RECORDING_ONLY.find((name) => demo && flags[name] !== undefined);
  if (alien !== undefined)
    throw new UsageError(`--${alien} goes with --recording; the demo has no use for it`);
  if (stretch !== undefined && (from !== undefined || to !== undefined))
    throw new UsageError("--stretch and --from or --to exclude each other");
  if (capital !== undefined && set?.has("capital"))
    throw new UsageError("--capital and --set capital exclude each other");
}

/** A flag wins over the file. */
export function settingsOf(flags: BacktestFlags): BacktestSettings {
  const file =
    flags.config === undefined ? parseSettings({}, "defaults") : readSettings(flags.config, flags.demo);
  const parameters = { ...file.parameters, ...Object.fromEntries(flags.set ?? []) };
  return {
    ...file,
    seed: flags.seed ?? file.seed,
    feeTier: flags.fees ?? file.feeTier,
    latency: flags.latency ?? file.latency,
    parameters: flags.capital === undefined ? parameters : { ...parameters, capital: flags.capital },
  };
}

function readSettings(path: string, demo = false): BacktestSettings {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UserError(`${path} cannot be read (${reason}): give --config a file of settings`, { cause });
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const settings = parseSettings(raw, path);
  const unused = demo ? Object.keys(raw as object).find((key) => !DEMO_SETTINGS.has(key)) : undefined;
  if (unused !== undefined) throw new UserError(`${path}: ${unused} does nothing with --demo: remove it`);
  return settings;
}

function parsePositive(text: string): number {
  const value = parseNumber(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be greater than zero");
  return value;
}

/** A week: a market that is the same at all hours shows nothing new after it. */
const HOURS_MAX = 168;

export function parseHours(text: string): number {
  const hours = parsePositive(text);
  if (hours > HOURS_MAX) throw new InvalidArgumentError(`It must be at most ${HOURS_MAX}`);
  if (hours * 3_600 < 1) throw new InvalidArgumentError("It must be at least a second");
  return hours;
}

export function parseSeed(text: string): number {
  const seed = parseNumber(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 31)
    throw new InvalidArgumentError("It must be a whole number from 0 to 2147483648");
  return seed;
}

/** Beyond it events of many minutes fall into one turn of the engine. */
const SPEED_MAX = 100;

export function parseSpeed(text: string): number {
  const speed = parsePositive(text);
  if (speed > SPEED_MAX) throw new InvalidArgumentError(`It must be at most ${SPEED_MAX}`);
  return speed;
}

export function parsePort(text: string): number {
  const port = parseNumber(text);
  if (!Number.isInteger(port) || port < 1_024 || port > 65_535)
    throw new InvalidArgumentError("It must be a whole number from 1024 to 65535");
  return port;
}

export function parseStretch(text: string): number | "longest" {
  if (text === "longest") return text;
  const stretch = parseNumber(text);
  if (!Number.isInteger(stretch) || stretch < 1)
    throw new InvalidArgumentError("It must be a number from 1, or longest");
  return stretch;
}

export function parseCapital(text: string): number {
  const capital = PARAMS.capital.schema.safeParse(parseNumber(text));
  if (!capital.success) throw new InvalidArgumentError(`${capital.error.issues[0]?.message}`);
  return capital.data;
}

/** One `--set`, added to those before it. */
export function collectParameter(
  text: string,
  previous: ReadonlyMap<ParamName, ParamValue> = new Map(),
): ReadonlyMap<ParamName, ParamValue> {
  const [name, value] = splitPair(text);
  if (!isParamName(name))
    throw new InvalidArgumentError(`There is no parameter ${name}: desk params lists them`);
  if (previous.has(name)) throw new InvalidArgumentError(`${name} is set twice`);
  return new Map([...previous, [name, parseParameter(name, value)]]);
}

function isParamName(name: string): name is ParamName {
  return (PARAM_NAMES as readonly string[]).includes(name);
}

function parseParameter(name: ParamName, text: string): ParamValue {
  const { schema } = PARAMS[name];
  const number = isNumeric(text) ? Number(text) : undefined;
  const readings = [...(text === "true" || text === "false" ? [text === "true"] : []), number ?? text];
  for (const reading of readings) {
    const parsed = schema.safeParse(reading);
    if (parsed.success) return parsed.data;
  }
  throw new InvalidArgumentError(`${schema.safeParse(number ?? text).error?.issues[0]?.message}`);
}

/** One `--assume`, added to those before it; `USDT/USD` and `USD/USDT` are the same rate. */
export function collectRate(
  text: string,
  previous: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, number> {
  const [pair, value] = splitPair(text);
  const [asset, to, ...rest] = pair.split("/");
  if (!asset || !to || rest.length > 0) throw new InvalidArgumentError("It must look like USDT/USD=1");
  if (previous.has(pair) || previous.has(`${to}/${asset}`))
    throw new InvalidArgumentError(`The rate between ${asset} and ${to} is assumed twice`);
  return new Map([...previous, [pair, parsePositive(value)]]);
}

function splitPair(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError("It must look like name=value");
  return [text.slice(0, at), text.slice(at + 1)];
}

function parseNumber(text: string): number {
  if (!isNumeric(text)) throw new InvalidArgumentError("It must be a number");
  return Number(text);
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
