/** The engine of a benchmark: the real one and its gateways, at venues whose limits are lifted. `--home DIR`. */
import { parseArgs } from "node:util";
import { createClock } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { createLog } from "../../host/log.ts";
import { startEngine } from "../../engine/service/start.ts";
import { createCcxtVenue, spawnGateway } from "../../venues/ccxt/venue.ts";
import { benchAccess } from "./access.ts";
import { bundlePath } from "./bundles.ts";

const { home = "" } = parseArgs({ options: { home: { type: "string" } } }).values;
const { config } = readDeskFile(home);
const clock = createClock();
const log = createLog("engine");
const access = benchAccess(home, config);
const venue = createCcxtVenue({
  config,
  access,
  clock,
  log,
  spawn: spawnGateway(bundlePath("gateway")),
});
const engine = await startEngine({ home, venue, clock, log });
process.on("SIGTERM", () => void engine.stop("the benchmark is over"));
process.on("disconnect", () => void engine.stop("the benchmark is gone"));
const { how } = await engine.ended;
process.exit(how === "stopped" ? 0 : 1);
