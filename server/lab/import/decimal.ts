/**
 * Decimal text to integers, digit by digit: a price or size never passes through a float. Plain and
 * exponent notation (`9.419e-05`), unsigned.
 */

const DECIMAL = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const ZERO = 48;
const NINE = 57;
const POINT = 46;

/** Decimals that the value needs, without trailing zeros; undefined when the text is no such number. */
export function decimalsOf(text: string): number | undefined {
  const scan = scanPlain(text);
  if (scan !== undefined) return scan;
  const plain = expand(text);
  return plain === undefined ? undefined : scanPlain(plain);
}

/** The value in units of 10^-decimals, rounded down; undefined beyond 2^53 or when it is no number. */
export function floorToUnits(text: string, decimals: number): number | undefined {
  const plain = scanPlain(text) === undefined ? expand(text) : text;
  if (plain === undefined) return undefined;
  let units = 0;
  let left = -1;
  for (let at = 0; at < plain.length && left !== 0; at++) {
    const char = plain.charCodeAt(at);
    if (char === POINT) left = decimals;
    else {
      units = units * 10 + (char - ZERO);
      if (left > 0) left--;
    }
  }
  units *= 10 ** (left === -1 ? decimals : left);
  return Number.isSafeInteger(units) ? units : undefined;
}

/** 10^-decimals as the text that an instrument's tick or lot wants. */
export function unitText(decimals: number): string {
  return decimals === 0 ? "1" : `0.${"0".repeat(decimals - 1)}1`;
}

function scanPlain(text: string): number | undefined {
  let point = -1;
  let last = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === POINT) {
      if (point !== -1 || at === 0) return undefined;
      point = at;
    } else {
      if (char < ZERO || char > NINE) return undefined;
      if (char !== ZERO) last = at;
    }
  }
  if (text.length === 0) return undefined;
  return point === -1 || last < point ? 0 : last - point;
}

/** Exponent notation written out. */
function expand(text: string): string | undefined {
  const match = DECIMAL.exec(text);
  if (match?.[3] === undefined) return undefined;
  const whole = match[1] ?? "";
  const digits = whole + (match[2] ?? "");
  const point = whole.length + Number(match[3]);
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  return point >= digits.length
    ? digits + "0".repeat(point - digits.length)
    : `${digits.slice(0, point)}.${digits.slice(point)}`;
}
