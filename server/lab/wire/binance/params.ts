/** The parameters of a request, from a query, a form body or JSON: each is read as text by strict rules. */
import { duplicateParam, emptyParam, illegalParam, invalidParam, missingParam } from "./refusal.ts";
import { Refusal, tooPreciseParam, unreadParams } from "./refusal.ts";

export type Params = ReadonlyMap<string, string>;

/** Query first: of a name in both, the query's value counts. Throws a Refusal for a name that comes twice in one. */
export function formParams(query: string, body: string): Params {
  const params = new Map<string, string>();
  for (const text of [body, query]) {
    const seen = new Set<string>();
    for (const [name, value] of new URLSearchParams(text)) {
      if (seen.has(name)) throw duplicateParam();
      seen.add(name);
      params.set(name, value);
    }
  }
  return params;
}

/** Undefined when a value is neither text, number, boolean nor an array (which stands for its JSON). */
export function jsonParams(values: Readonly<Record<string, unknown>>): Params | undefined {
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string") params.set(name, value);
    else if (typeof value === "number" || typeof value === "boolean") params.set(name, String(value));
    else if (Array.isArray(value)) params.set(name, JSON.stringify(value));
    else return undefined;
  }
  return params;
}

/** REST refuses what no one reads; the WebSocket API passes over it, as ccxt's extra parameters show. */
export function checkAllRead(params: Params, known: readonly string[]): void {
  let read = 0;
  for (const name of params.keys()) if (known.includes(name)) read++;
  if (read !== params.size) throw unreadParams(read, params.size);
}

export function text(params: Params, name: string): string | undefined {
  const value = params.get(name);
  if (value === "") throw emptyParam(name);
  return value;
}

export function needText(params: Params, name: string): string {
  const value = params.get(name);
  if (value === undefined || value === "") throw missingParam(name);
  return value;
}

const INTEGER = "^[0-9]{1,20}$";

export function integer(params: Params, name: string): number | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^[0-9]{1,20}$/.test(value)) throw illegalParam(name, INTEGER);
  if (!Number.isSafeInteger(number)) throw new Refusal(400, -1108, `Parameter '${name}' overflowed.`);
  return number;
}

/** An order or trade id: whole, as text. */
export function idText(params: Params, name: string): string | undefined {
  const value = integer(params, name);
  return value === undefined ? undefined : String(value);
}

/** From 1 to `max`; more is cut to it, as the venue does. */
export function limitOf(params: Params, usual: number, max: number): number {
  const limit = integer(params, "limit") ?? usual;
  if (limit < 1) throw invalidParam("limit");
  return Math.min(limit, max);
}

const DECIMAL = "^([0-9]{1,20})(\\\\.[0-9]{1,20})?$";

/** A plain decimal as its text, of at most `decimalsMax` decimals that count. */
export function decimal(params: Params, name: string, decimalsMax: number): string | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  if (!/^[0-9]{1,20}(\.[0-9]{1,20})?$/.test(value)) throw illegalParam(name, DECIMAL);
  if ((value.split(".")[1]?.replace(/0+$/, "").length ?? 0) > decimalsMax) throw tooPreciseParam(name);
  return value;
}

const CLIENT_ID = "^[.A-Z\\\\:/a-z0-9_-]{1,36}$";

export function clientIdText(params: Params, name: string): string | undefined {
  const value = text(params, name);
  if (value !== undefined && !/^[.A-Z:/a-z0-9_-]{1,36}$/.test(value)) throw illegalParam(name, CLIENT_ID);
  return value;
}

export function oneOf<T extends string>(
  params: Params,
  name: string,
  values: readonly T[],
  refusal: () => Refusal,
): T | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  const found = values.find((v) => v === value);
  if (found === undefined) throw refusal();
  return found;
}

/** A JSON array of texts, such as `["BTCUSDT","ETHUSDT"]`. */
export function textList(params: Params, name: string): string[] | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  if (!/^\[("[A-Z0-9_.-]{1,20}"(,"[A-Z0-9_.-]{1,20}")*)?\]$/.test(value))
    throw illegalParam(name, '^\\\\[(\\"[A-Z0-9-_.]{1,20}\\"(,\\"[A-Z0-9-_.]{1,20}\\"){0,}){0,1}\\\\]$');
  return JSON.parse(value) as string[];
}
