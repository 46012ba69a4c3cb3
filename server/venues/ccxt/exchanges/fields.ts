/** Strict reading of what a venue sent: a field that must be there and is not makes the whole answer unusable. */

export class AnswerError extends Error {
  override readonly name = "AnswerError";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Empty where the value is something else: to look whether something is there, and for rows whose fields are all asked
 * for by name. Where to find nothing is an answer, `asRecord` and `recordIn` tell it from what is none.
 */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Empty where the value is something else: for lists that may be left out, such as that of errors. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `what` it should be is said in the AnswerError that is thrown for anything else. */
export function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (!isRecord(value)) throw new AnswerError(`${what} is missing in a venue's answer`);
  return value;
}

/** The same for a list. */
export function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new AnswerError(`${what} is missing in a venue's answer`);
  return value;
}

/** Throws AnswerError where there is none. */
export function recordIn(record: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return asRecord(record[key], `the record ${key}`);
}

/** Throws AnswerError where there is none. */
export function listIn(record: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  return asList(record[key], `the list ${key}`);
}

/** Text or a number as text; undefined where the field is missing, null or "". */
export function textAt(record: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = record[key];
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? plainDecimal(value) : undefined;
}

/** Throws AnswerError where there is none. */
export function textIn(record: Readonly<Record<string, unknown>>, key: string): string {
  const text = textAt(record, key);
  if (text === undefined) throw new AnswerError(`a venue's message has no ${key}`);
  return text;
}

/** A finite number. Throws AnswerError where there is none. */
export function numberIn(record: Readonly<Record<string, unknown>>, key: string): number {
  const number = Number(textIn(record, key));
  if (!Number.isFinite(number)) throw new AnswerError(`${key} in a venue's message is not a number`);
  return number;
}

export function sideIn(record: Readonly<Record<string, unknown>>, key: string): "buy" | "sell" {
  const side = textIn(record, key).toLowerCase();
  if (side !== "buy" && side !== "sell") throw new AnswerError(`${key} in a venue's message is "${side}"`);
  return side;
}

/**
 * The shortest decimal that reads back as this double, without an exponent: exact for what a venue wrote in up to 15
 * digits.
 */
export function plainDecimal(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  const digits = whole + fraction;
  const point = 1 + Number(exponentText);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + "0".repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** "-0.5" of "0.5" and back: venues differ in what sign a cost has. */
export function negated(text: string): string {
  if (/^-?0*\.?0*$/.test(text)) return "0";
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}
