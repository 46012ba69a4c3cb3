"use client";

import { DeskPage } from "../components/desk/deskPage.tsx";
import { useInventoryHistory, usePnlHistory } from "../components/desk/histories.ts";

export default function Page() {
  return <DeskPage usePnlHistory={usePnlHistory} useInventoryHistory={useInventoryHistory} />;
}
