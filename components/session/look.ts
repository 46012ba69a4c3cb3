/** Theme and bid/ask colours of this browser, kept in a cookie that the server reads for the first paint. */
export const LOOK_COOKIE = "crossdesk-look";

export const THEMES = ["system", "dark", "light"] as const;
export const SCHEMES = ["teal-coral", "blue-orange", "red-up"] as const;

export interface Look {
  readonly theme: (typeof THEMES)[number];
  readonly scheme: (typeof SCHEMES)[number];
}

const DEFAULT: Look = { theme: "system", scheme: "teal-coral" };

/** `theme.scheme`; anything else is the default. */
export function parseLook(text: string | undefined): Look {
  const [theme, scheme] = (text ?? "").split(".");
  return {
    theme: THEMES.find((known) => known === theme) ?? DEFAULT.theme,
    scheme: SCHEMES.find((known) => known === scheme) ?? DEFAULT.scheme,
  };
}

export function formatLook({ theme, scheme }: Look): string {
  return `${theme}.${scheme}`;
}
