import type { ReactNode } from "react";
import type { ParamName, ParamScope } from "../../server/contract/params.ts";
import { PARAMS } from "../../server/contract/params.ts";
import { scopeId, scopeName } from "./scopes.ts";

export interface DiffRow {
  readonly scope: ParamScope;
  readonly name: ParamName;
  readonly before: string;
  readonly after: string;
  /** Under the row: a problem, or what others did. */
  readonly note?: ReactNode;
  /** At its end. */
  readonly action?: ReactNode;
}

/** Before → after, scope by scope. */
export function DiffList({ rows, label }: { readonly rows: readonly DiffRow[]; readonly label: string }) {
  const byScope = new Map<string, DiffRow[]>();
  for (const row of rows) {
    const id = scopeId(row.scope);
    const group = byScope.get(id);
    if (group === undefined) byScope.set(id, [row]);
    else group.push(row);
  }
  return (
    <div aria-label={label} role="group" className="flex flex-col gap-2">
      {[...byScope].map(([id, group]) => (
        <section key={id}>
          {group[0] !== undefined && (
            <h3 className="text-xs font-semibold text-secondary">{scopeName(group[0].scope)}</h3>
          )}
          <ul>
            {group.map(({ name, before, after, note, action }) => (
              <li key={name} className="border-b border-line/60 py-1 last:border-b-0">
                <div className="flex items-baseline gap-2">
                  <span className="min-w-0 grow" title={name}>
                    {PARAMS[name].meta.label}
                  </span>
                  <span className="text-right">
                    <span className="text-secondary">{before}</span>
                    <span aria-hidden> → </span>
                    <span className="sr-only"> becomes </span>
                    <span className="font-semibold">{after}</span>
                  </span>
                  {action}
                </div>
                {note !== undefined && <div className="text-sm">{note}</div>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
