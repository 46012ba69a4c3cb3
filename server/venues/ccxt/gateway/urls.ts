/** A venue's URLs behind one origin, with the original host kept as the first segment of the path. */

/**
 * Every URL in this tree of URLs, in place of `https://host:port/path`: `http(s)|ws(s)://origin/host_port/path`. ccxt
 * looks for words such as `/stream` or `v2` in its URLs, which stay. An origin without a scheme speaks http.
 */
export function rewriteUrls(tree: unknown, origin: string): unknown {
  if (typeof tree === "string") return rewriteUrl(tree, origin);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, rewriteUrls(value, origin)]));
}

function rewriteUrl(url: string, origin: string): string {
  const parts = /^(https?|wss?):\/\/([^/]+)(.*)$/.exec(url);
  if (parts === null) return url;
  const [, scheme = "", host = "", path = ""] = parts;
  const target = /^(?:(https?):\/\/)?([^/]+)\/?$/.exec(origin);
  if (target === null)
    throw new Error(`invariant: "${origin}" is not an origin such as http://127.0.0.1:8080`);
  const [, targetScheme = "http", targetHost = ""] = target;
  const isSocket = scheme.startsWith("ws");
  const secure = targetScheme === "https" ? "s" : "";
  return `${isSocket ? "ws" : "http"}${secure}://${targetHost}/${host.replaceAll(":", "_")}${path}`;
}
