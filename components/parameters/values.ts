/** Parameter values as text in a field and back, with bounds in words: from the schema alone. */
import { z } from "zod";
import { PARAM_NAMES, PARAMS, type ParamName, type ParamValue } from "../../server/contract/params.ts";
import { MISSING } from "../format/number.ts";

export type ParamRules =
  | { readonly kind: "number"; readonly words: string }
  | { readonly kind: "choice"; readonly words: string; readonly choices: readonly string[] }
  | { readonly kind: "switch"; readonly words: string };

interface SchemaFacts {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** What a parameter may be. */
export function rulesOf(name: ParamName): ParamRules {
  return RULES[name];
}

const RULES = Object.fromEntries(PARAM_NAMES.map((name) => [name, deriveRules(name)])) as Readonly<
  Record<ParamName, ParamRules>
>;

function deriveRules(name: ParamName): ParamRules {
  const facts = z.toJSONSchema(PARAMS[name].schema) as SchemaFacts;
  if (facts.enum !== undefined)
    return { kind: "choice", words: facts.enum.join(" or "), choices: facts.enum };
  if (facts.type === "boolean") return { kind: "switch", words: "on or off" };
  const parts = [
    facts.type === "integer" ? "a whole number" : undefined,
    facts.exclusiveMinimum === undefined ? undefined : `above ${grouped(facts.exclusiveMinimum)}`,
    facts.minimum === undefined ? undefined : `at least ${grouped(facts.minimum)}`,
    facts.maximum === undefined ? undefined : `at most ${grouped(facts.maximum)}`,
  ].filter((part) => part !== undefined);
  return { kind: "number", words: parts.join(", ") };
}

/** What to type for a value: the fewest digits that give it back, the point as "." */
export function textOf(value: ParamValue | undefined): string {
  return value === undefined ? "" : String(value);
}

export type Parsed =
  { readonly ok: true; readonly value: ParamValue } | { readonly ok: false; readonly error: string };

/** The value of a field's text, or what would be right. */
export function parseValue(name: ParamName, text: string): Parsed {
  const rules = rulesOf(name);
  const raw = rules.kind === "number" ? numberOf(text) : rules.kind === "switch" ? SWITCH[text] : text;
  if (raw === undefined) {
    const hint = rules.kind === "number" && text.includes(",") ? "no commas, the point as 1234.5; " : "";
    return { ok: false, error: `${hint}must be ${wordsFor(rules)}` };
  }
  const parsed = PARAMS[name].schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, error: `must be ${wordsFor(rules)}` };
}

function wordsFor(rules: ParamRules): string {
  return rules.kind === "number" && !rules.words.startsWith("a whole")
    ? `a number, ${rules.words}`
    : rules.words;
}

const SWITCH: Readonly<Record<string, boolean>> = { true: true, false: false };

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** A minus may be the one that the pages print. */
function numberOf(text: string): number | undefined {
  const plain = text.trim().replaceAll("−", "-");
  return NUMBER.test(plain) ? Number(plain) : undefined;
}

/** For reading; a switch says on or off. */
export function wordOf(value: ParamValue | undefined): string {
  if (value === undefined) return MISSING;
  // Narrowed by the name's schema elsewhere; here the union of all values is printed.
  const any: unknown = value;
  if (typeof any === "boolean") return any ? "on" : "off";
  return typeof any === "number" ? grouped(any) : String(any);
}

/** With its unit, as in a list of changes. */
export function wordWithUnit(name: ParamName, value: ParamValue | undefined): string {
  const { unit } = PARAMS[name].meta;
  return value === undefined || unit === "" ? wordOf(value) : `${wordOf(value)} ${unit}`;
}

/** All digits of the value, grouped by thousands. */
function grouped(value: number): string {
  const text = String(Math.abs(value));
  const [whole = "", ...rest] = text.split(".");
  const digits = /^\d+$/.test(whole) ? whole.replaceAll(/\B(?=(\d{3})+$)/g, ",") : whole;
  return (value < 0 ? "−" : "") + [digits, ...rest].join(".");
}
