/**
 * Ids in the venue's writing, such as `OQCLML-BW3P3-BUCMWZ`: a letter that says of what, and a whole number of the
 * core, spread over the whole range so that ids do not look like a count. Reversible: nothing is stored.
 */
import type { Side } from "../../../contract/units.ts";
import type { LedgerEntry } from "../../ports.ts";
import type { FillRecord } from "../ports.ts";

/** Sixteen digits of base 36 hold a little more than 2^82. */
const RANGE = 1n << 80n;
const DIGITS = 16;
/** Odd, so that multiplying is a permutation of the range; the golden ratio's digits. */
const FACTOR = 0x9e3779b97f4a7c15f39dn;
const INVERSE = inverseOf(FACTOR);

/** More accounts and instruments than any lab has; a multiple keeps the parts of an id apart. */
const POSITIONS_MAX = 4_096n;

export function orderTxid(venueOrderId: string): string {
  return encode("O", BigInt(venueOrderId));
}

/** Undefined for what this venue never gave out. */
export function orderIdOf(txid: string): string | undefined {
  return decode("O", txid)?.toString();
}

/** Trade numbers are per instrument, and the two orders of one trade have an id each. */
export function tradeTxid({
  instrument,
  tradeId,
  side,
}: Pick<FillRecord, "instrument" | "tradeId" | "side">): string {
  return encode(
    "T",
    (BigInt(tradeId) * POSITIONS_MAX + BigInt(instrument)) * 2n + (side === "buy" ? 0n : 1n),
  );
}

export interface TradeName {
  readonly instrument: number;
  readonly tradeId: string;
  readonly side: Side;
}

export function tradeOf(txid: string): TradeName | undefined {
  const number = decode("T", txid);
  if (number === undefined) return undefined;
  const place = number / 2n;
  return {
    instrument: Number(place % POSITIONS_MAX),
    tradeId: (place / POSITIONS_MAX).toString(),
    side: number % 2n === 0n ? "buy" : "sell",
  };
}

/** Entries are numbered per account. */
export function ledgerId(account: number, { id }: Pick<LedgerEntry, "id">): string {
  return encode("L", BigInt(id) * POSITIONS_MAX + BigInt(account));
}

export function ledgerEntryOf(account: number, text: string): number | undefined {
  const number = decode("L", text);
  return number !== undefined && number % POSITIONS_MAX === BigInt(account)
    ? Number(number / POSITIONS_MAX)
    : undefined;
}

/** Of a deposit, a withdrawal or a transfer. */
export function fundingRef(id: string): string {
  return encode("F", BigInt(id));
}

export function amendId(venueOrderId: string, count: number): string {
  return encode("A", BigInt(venueOrderId) * POSITIONS_MAX + BigInt(count));
}

function encode(letter: string, number: bigint): string {
  const digits = ((number * FACTOR + saltOf(letter)) % RANGE)
    .toString(36)
    .toUpperCase()
    .padStart(DIGITS, "0");
  return `${letter}${digits.slice(0, 5)}-${digits.slice(5, 10)}-${digits.slice(10)}`;
}

function decode(letter: string, text: string): bigint | undefined {
  if (!/^[A-Z][0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{6}$/.test(text) || !text.startsWith(letter)) return undefined;
  let spread = 0n;
  for (const digit of text.slice(1).replaceAll("-", ""))
    spread = spread * 36n + BigInt(Number.parseInt(digit, 36));
  if (spread >= RANGE) return undefined;
  const number = ((spread + RANGE - saltOf(letter)) * INVERSE) % RANGE;
  // Only numbers that this venue could have counted to: a mistyped id is no other one's.
  return number <= BigInt(Number.MAX_SAFE_INTEGER) * 2n * POSITIONS_MAX ? number : undefined;
}

/** Equal numbers of two kinds look different. */
function saltOf(letter: string): bigint {
  return (BigInt(letter.charCodeAt(0)) * INVERSE) % RANGE;
}

/** Modulo the range, a power of two, by Newton's iteration: each step doubles the digits that are right. */
function inverseOf(odd: bigint): bigint {
  let inverse = odd;
  for (let i = 0; i < 7; i++) inverse = (((inverse * (2n - odd * inverse)) % RANGE) + RANGE) % RANGE;
  return inverse;
}
