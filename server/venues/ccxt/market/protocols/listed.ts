/**
 * Venues answer a question about several instruments with an error when one of them is not listed. Then each is asked
 * for alone, so that one delisting does not hide what became of the others.
 */
export async function askListed<T>(
  symbols: readonly string[],
  ask: (symbols: readonly string[]) => Promise<readonly T[]>,
  isNotListed: (error: unknown) => boolean,
): Promise<T[]> {
  try {
    return [...(await ask(symbols))];
  } catch (error) {
    if (!isNotListed(error)) throw error;
    if (symbols.length <= 1) return [];
  }
  const found: T[] = [];
  for (const symbol of symbols) found.push(...(await askListed([symbol], ask, isNotListed)));
  return found;
}

/** ccxt's errors carry the venue's answer in their message. */
export function mentions(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.includes(code);
}
