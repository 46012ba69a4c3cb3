/** The lab of a paper desk as a process of its own: `node dist/paper.mjs --home DIR`. */
import { parseArgs } from "node:util";
import { UserError } from "../../contract/errors.ts";
import { createClock } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { createLog } from "../../host/log.ts";
import { startLab } from "../../lab/service/lab.ts";
import { serveLab } from "../../lab/service/serve.ts";
import { openPaperMarket } from "./paperMarket.ts";

const log = createLog("lab");

// ccxt drops promises of its sockets: one of them is no reason to end everyone's market.
process.on("unhandledRejection", (error) => log.warn("a failure that nobody waited for", { error }));

await serveLab(() => {
  const { home } = parseArgs({ options: { home: { type: "string" } } }).values;
  if (home === undefined) throw new UserError("say which desk's lab to run: --home DIR");
  const clock = createClock(readDeskFile(home).clock);
  return startLab({ home, clock, log, openMarket: (desk) => openPaperMarket(desk, { clock, log }) });
}, log);
