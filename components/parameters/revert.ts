/**
 * Taking a version back: what it changed goes to what was there before it. What is sent is what is on screen,
 * so that it works for a version that the database does not have yet, or cannot give.
 */
import type { ParametersLine } from "../../server/contract/lines.ts";
import type { ParameterChange } from "../../server/contract/params.ts";
import type { Review } from "./reviewDialog.tsx";
import { scopeOfSetting } from "./scopes.ts";
import { wordWithUnit } from "./values.ts";

export function revertOf(line: ParametersLine, latest: number): Review {
  const { version, settings } = line;
  const changes: ParameterChange[] = settings.map(({ level, scope, name, before }) => ({
    scope: scopeOfSetting(level, scope),
    name,
    ...(before === undefined ? {} : { value: before }),
  }));
  return {
    title: `Revert v${version}`,
    verb: "Revert",
    rows: settings.map(({ level, scope, name, before, after }) => ({
      scope: scopeOfSetting(level, scope),
      name,
      before: after === undefined ? "not set" : wordWithUnit(name, after),
      after: before === undefined ? "taken back" : wordWithUnit(name, before),
    })),
    changes,
    expectedVersion: latest,
    reason: `Revert v${version}`,
    send: (client, order) => client.config.set.mutate({ ...order, changes }),
  };
}
