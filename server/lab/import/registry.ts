/** The known foreign formats. A new one is a file beside this and a line here. */
import { binanceWire } from "./binanceWire.ts";
import { crypto5 } from "./crypto5.ts";
import type { Importer } from "./importer.ts";
import { leanFx } from "./leanFx.ts";
import { linkusdt } from "./linkusdt.ts";

export const IMPORTERS: readonly Importer[] = [linkusdt, crypto5, leanFx, binanceWire];
