/** Where each part lies: `[from, to]`, away from zero. Gains stack up, losses stack down. */
export function stack(parts: readonly number[]): readonly (readonly [number, number])[] {
  let up = 0;
  let down = 0;
  return parts.map((part) => {
    if (part >= 0) {
      up += part;
      return [up - part, up];
    }
    down += part;
    return [down - part, down];
  });
}
