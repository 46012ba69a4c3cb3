/** `npm run desk -- <command>`. One line here and one file in `commands/` make a command. */
import { buildProgram, reportFailure, runProgram } from "./program.ts";
import { endsTidily } from "./tidyEnd.ts";
import { registerBacktest } from "./commands/backtest.ts";
import { registerBench } from "./commands/bench.ts";
import { registerCertify } from "./commands/certify.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerEngine } from "./commands/engine.ts";
import { registerExplain } from "./commands/explain.ts";
import { registerImport } from "./commands/import.ts";
import { registerJournal } from "./commands/journal.ts";
import { registerKeys } from "./commands/keys.ts";
import { registerKill } from "./commands/kill.ts";
import { registerLab } from "./commands/lab.ts";
import { registerParams } from "./commands/params.ts";
import { registerRecord } from "./commands/record.ts";
import { registerReplay } from "./commands/replay.ts";
import { registerSimulate } from "./commands/simulate.ts";
import { registerStart } from "./commands/start.ts";
import { registerStatus } from "./commands/status.ts";
import { registerStudy } from "./commands/study.ts";

const COMMANDS = [
  registerStart,
  registerStatus,
  registerKill,
  registerKeys,
  registerCertify,
  registerEngine,
  registerLab,
  registerBacktest,
  registerDoctor,
  registerExplain,
  registerImport,
  registerJournal,
  registerParams,
  registerRecord,
  registerReplay,
  registerSimulate,
  registerStudy,
  registerBench,
];

// `desk … | head` closes our output early: that is the reader's choice and no failure to report.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (endsTidily(error)) return;
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.on("uncaughtException", (error) => {
  if (!endsTidily(error)) process.exit(reportFailure(error));
});

process.exitCode = await runProgram(buildProgram(COMMANDS), process.argv.slice(2));
