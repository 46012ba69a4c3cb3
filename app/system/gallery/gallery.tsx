"use client";

import { useEffect, useState, type ReactNode } from "react";
import { Bar } from "../../../components/bar/bar.tsx";
import { DeskPage } from "../../../components/desk/deskPage.tsx";
import { FixedShapeProvider } from "../../../components/session/shape.tsx";
import { LiveProvider } from "../../../components/stream/live.tsx";
import type { LiveStore } from "../../../components/stream/store.ts";
import { EstimatesExample } from "./estimatesExample.tsx";
import { fixedStore } from "./fixedStore.ts";
import { PanelStates } from "./panelStates.tsx";
import { Primitives } from "./primitives.tsx";
import { INVENTORY_HISTORY, PNL_HISTORY, SHAPE } from "./samples.ts";

const OLD_MS = 12_400;

export function Gallery() {
  const [stores, setStores] = useState<{ readonly fresh: LiveStore; readonly old: LiveStore }>();
  useEffect(() => setStores({ fresh: fixedStore(() => 0), old: fixedStore(() => OLD_MS) }), []);
  if (stores === undefined) return null;
  return (
    <FixedShapeProvider value={SHAPE}>
      <div className="flex flex-col gap-6">
        <Example title="Desk" store={stores.fresh} />
        <section className="flex flex-col gap-2" aria-label="Market: estimates">
          <h2 className="text-lg font-semibold">Market: estimates</h2>
          <EstimatesExample />
        </section>
        <section className="flex flex-col gap-2">
          <h2 className="text-lg font-semibold">States of a panel</h2>
          <PanelStates />
        </section>
        <section className="flex flex-col gap-2">
          <h2 className="text-lg font-semibold">Primitives</h2>
          <Primitives />
        </section>
        <Example title="Desk, when the engine has been silent for 12 s" store={stores.old} />
      </div>
    </FixedShapeProvider>
  );
}

function Example({ title, store }: { readonly title: string; readonly store: LiveStore }): ReactNode {
  return (
    <section className="flex flex-col gap-2" aria-label={title}>
      <h2 className="text-lg font-semibold">{title}</h2>
      <LiveProvider store={store}>
        <Bar />
        <DeskPage
          usePnlHistory={() => ({ points: PNL_HISTORY, isUnread: false })}
          useInventoryHistory={() => INVENTORY_HISTORY}
        />
      </LiveProvider>
    </section>
  );
}
