/**
 * JSON whose numbers are written as the venue writes them: Kraken sends prices and sizes as numbers with all the
 * digits of the pair's precision (`0.10000000`), and its book checksum counts every one of them.
 */

/** A number by its text; JSON.stringify would drop trailing zeros and round what a double cannot hold. */
export class Exact {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json =
  string | number | boolean | null | Exact | readonly Json[] | { readonly [key: string]: Json | undefined };

export function exact(text: string): Exact {
  return new Exact(text);
}

/** Members that are undefined are left out. */
export function encodeJson(value: Json): string {
  if (value instanceof Exact) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(encodeJson).join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${encodeJson(member)}`);
  return `{${members.join(",")}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
