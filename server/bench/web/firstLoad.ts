/** How much script the Desk page asks a browser to load before it can work: it is the same with and without a session. */
import { gzipSync } from "node:zlib";

export interface FirstLoad {
  /** Bytes, each file by itself, as they are sent. */
  readonly pageBytes: number;
  /** Of the charts' library where the page loads it at once; it may come later. */
  readonly chartsBytes: number;
}

const CHARTS_MARK = "tv-lightweight-charts";

export async function measureFirstLoad(origin: string): Promise<FirstLoad> {
  const html = await fetchText(new URL("/", origin));
  let pageBytes = 0;
  let chartsBytes = 0;
  for (const path of scriptsOf(html)) {
    const script = await fetchText(new URL(path, origin));
    const bytes = gzipSync(script).length;
    if (script.includes(CHARTS_MARK)) chartsBytes += bytes;
    else pageBytes += bytes;
  }
  if (pageBytes === 0) throw new Error("the Desk page loads no script");
  return { pageBytes, chartsBytes };
}

/** Scripts that the page loads or asks to be loaded ahead, each once; not those for browsers without modules. */
export function scriptsOf(html: string): string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const paths = tags.flatMap((tag) => {
    if (/\bnomodule\b/i.test(tag)) return [];
    if (tag.startsWith("<script")) return attribute(tag, "src");
    return /\bas="script"|\brel="modulepreload"/.test(tag) ? attribute(tag, "href") : [];
  });
  return [...new Set(paths)];
}

function attribute(tag: string, name: string): string[] {
  const value = new RegExp(`\\s${name}="([^"]+)"`).exec(tag)?.[1];
  return value === undefined ? [] : [value.replaceAll("&amp;", "&")];
}

async function fetchText(url: URL): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} was answered with ${response.status}`);
  return response.text();
}
