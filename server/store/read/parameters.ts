/** Parameter versions with what each of them set. */
import type { Cursor, ParametersLine } from "../../contract/lines.ts";
import type { ParamName, ParamValue } from "../../contract/params.ts";
import type { ParamLevel } from "../../contract/params/param.ts";
import type { Store } from "../client.ts";
import type { ParameterSettingModel } from "../generated/models/ParameterSetting.ts";
import type { ParameterVersionModel } from "../generated/models/ParameterVersion.ts";
import type { Page, PageOf, TimeRange } from "./page.ts";
import { lineBase, NEWEST_FIRST, OLDEST_FIRST, readAfter, readPage, withinTime } from "./page.ts";

type Row = ParameterVersionModel & { readonly settings: readonly ParameterSettingModel[] };

/** In an order of their own, so that two readings of a version are equal. */
const BY_NAME: { scope?: "asc"; name?: "asc" }[] = [{ scope: "asc" }, { name: "asc" }];

/** Newest first. */
export function readParameterVersions(
  store: Store,
  filter: TimeRange,
  page: Page,
): Promise<PageOf<ParametersLine>> {
  return readPage(
    page,
    (range, take) =>
      store.parameterVersion.findMany({
        where: { AND: [withinTime(filter), range] },
        orderBy: NEWEST_FIRST,
        take,
        include: { settings: { orderBy: BY_NAME } },
      }),
    toParameters,
  );
}

/** Undefined for a version that was never recorded. */
export async function readParameterVersion(
  store: Store,
  version: number,
): Promise<ParametersLine | undefined> {
  const row = await store.parameterVersion.findFirst({
    where: { version },
    orderBy: NEWEST_FIRST,
    include: { settings: { orderBy: BY_NAME } },
  });
  return row === null ? undefined : toParameters(row);
}

/** Oldest first. */
export function readParameterVersionsAfter(
  store: Store,
  after: Cursor,
  limit: number,
): Promise<ParametersLine[]> {
  return readAfter(
    after,
    limit,
    (range, take) =>
      store.parameterVersion.findMany({
        where: range,
        orderBy: OLDEST_FIRST,
        take,
        include: { settings: { orderBy: BY_NAME } },
      }),
    toParameters,
  );
}

function toParameters(row: Row): ParametersLine {
  return {
    type: "parameters",
    ...lineBase(row),
    version: row.version,
    commandId: row.commandId ?? undefined,
    actor: row.actor,
    reason: row.reason,
    settings: row.settings.map(({ level, scope, name, kind, before, after }) => ({
      scope,
      level: level as ParamLevel,
      name: name as ParamName,
      before: decodeValue(kind, before),
      after: decodeValue(kind, after),
    })),
  };
}

function decodeValue(kind: string, text: string | null): ParamValue | undefined {
  if (text === null) return undefined;
  switch (kind) {
    case "number":
      return Number(text);
    case "boolean":
      return (text === "true") as ParamValue;
    default:
      return text as ParamValue;
  }
}
