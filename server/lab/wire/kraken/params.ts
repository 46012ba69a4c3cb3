/** Parameters of a request, from a form, a query or JSON: read by name as text, wrong ones refused by name. */
import { invalidArgument } from "./errors.ts";

export type Params = Readonly<Record<string, unknown>>;

/** A value, or the venue's error. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export function right<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function wrong(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}

export function wrongArgument(name: string): { readonly ok: false; readonly error: string } {
  return wrong(invalidArgument(name));
}

/** Undefined when the text is no form, or no JSON object. */
export function parseBody(contentType: string | undefined, body: string): Params | undefined {
  if (contentType?.includes("json") !== true) return parseForm(body);
  return parseJsonObject(body);
}

export function parseForm(text: string): Params {
  return Object.fromEntries(new URLSearchParams(text));
}

export function parseJsonObject(text: string): Params | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(value) ? value : undefined;
}

export function isObject(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text, or a number as plain decimal text; undefined for everything else and for the empty text. */
export function textOf(params: Params, name: string): string | undefined {
  const value = params[name];
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? plainText(value) : undefined;
}

export function flagOf(params: Params, name: string): boolean {
  const value = params[name];
  return value === true || value === 1 || value === "true" || value === "True" || value === "1";
}

/** Undefined for what is no whole number, or beyond what counts exactly. */
export function wholeOf(params: Params, name: string): number | undefined {
  const text = textOf(params, name);
  if (text === undefined || !/^-?\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/** A list, or one value as a list of one; a text may hold several behind commas. */
export function listOf(params: Params, name: string): readonly string[] {
  const value = params[name];
  if (Array.isArray(value))
    return value.flatMap((_, at) => textOf(value as unknown as Params, String(at)) ?? []);
  return (
    textOf(params, name)
      ?.split(",")
      .map((part) => part.trim()) ?? []
  );
}

/** Doubles below 1e-6 print with an exponent, which is no plain decimal. */
function plainText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(18) : text;
}
