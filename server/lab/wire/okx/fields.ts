/** Parameters of a request as texts: clients send numbers and switches with and without quotation marks. */
import { parseAtoms } from "../decimals.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";

export type Fields = Readonly<Record<string, string | undefined>>;

/** Empty texts count as absent. Undefined when it is no object. */
export function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields: Record<string, string> = {};
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === "string" && field !== "") fields[name] = field;
    else if (typeof field === "number" || typeof field === "boolean") fields[name] = String(field);
  }
  return fields;
}

export function queryFields(query: string): Fields {
  return fieldsOf(Object.fromEntries(new URLSearchParams(query))) ?? {};
}

/** A refusal that names the parameter. */
export function missing(name: string): Refusal {
  return refuse("50014", name);
}

export function wrong(name: string): Refusal {
  return refuse("51000", name);
}

/** Plain digits; undefined for anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export function isDecimal(text: string): boolean {
  return parseAtoms(text, DECIMALS_MAX) !== undefined;
}

/** Finer than any tick, lot or atom. */
const DECIMALS_MAX = 30;
