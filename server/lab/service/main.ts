/** The lab as a process of its own: `node dist/lab.mjs --home DIR`. */
import { parseArgs } from "node:util";
import { UserError } from "../../contract/errors.ts";
import { createClock } from "../../host/clock.ts";
import { keepHeapsSmall } from "../../host/keepHeapsSmall.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { createLog } from "../../host/log.ts";
import { startLab } from "./lab.ts";
import { serveLab } from "./serve.ts";

const log = createLog("lab");
keepHeapsSmall();

await serveLab(() => {
  const { home } = parseArgs({ options: { home: { type: "string" } } }).values;
  if (home === undefined) throw new UserError("say which desk's lab to run: --home DIR");
  return startLab({ home, clock: createClock(readDeskFile(home).clock), log });
}, log);
