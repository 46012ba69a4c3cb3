/** The theme's colours as a canvas needs them. A probe resolves what `light-dark()` means at this moment. */
export const CHART_TOKENS = [
  "ground",
  "panel",
  "line",
  "ink",
  "secondary",
  "faint",
  "bid",
  "ask",
  "fair",
  "quote",
  "inventory",
  "ok",
  "attention",
  "danger",
] as const;

export type ChartColours = Readonly<Record<(typeof CHART_TOKENS)[number], string>>;

export function readColours(within: HTMLElement): ChartColours {
  const probe = document.createElement("span");
  within.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(--color-${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(CHART_TOKENS.map((token) => [token, read(token)])) as ChartColours;
  probe.remove();
  return colours;
}

/** The same colour, less opaque. `rgb(r, g, b)` is what browsers compute. */
export function fade(colour: string, alpha: number): string {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}
