"use client";

import { useState } from "react";
import { formatPrice, formatShortSize } from "../../../components/format/number.ts";
import { formatTimeUs } from "../../../components/format/time.ts";
import { Button } from "../../../components/ui/button.tsx";
import { DataTable, type Column } from "../../../components/ui/dataTable.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { Checkbox, Field, NumberInput, Select, TextInput } from "../../../components/ui/field.tsx";
import { Menu, MenuItem } from "../../../components/ui/menu.tsx";
import { Panel } from "../../../components/ui/panel.tsx";
import { Segmented } from "../../../components/ui/segmented.tsx";
import { Tag } from "../../../components/ui/tag.tsx";
import { toast } from "../../../components/ui/toast.tsx";
import { Tooltip } from "../../../components/ui/tooltip.tsx";
import type { FillLine } from "../../../server/contract/lines.ts";
import { FILLS } from "./samples.ts";

const COLUMNS: readonly Column<FillLine>[] = [
  { id: "time", header: "Time", cell: (fill) => formatTimeUs(fill.atUs), sortBy: (fill) => fill.atUs },
  { id: "account", header: "Venue", cell: (fill) => fill.account, sortBy: (fill) => fill.account },
  { id: "side", header: "Side", cell: (fill) => fill.side },
  {
    id: "price",
    header: "Price",
    align: "right",
    cell: (fill) => formatPrice(fill.price, "0.01"),
    sortBy: (fill) => fill.price,
  },
  { id: "size", header: "Size", align: "right", cell: (fill) => formatShortSize(fill.sizeBase, undefined) },
];

const rowKey = (fill: FillLine): string => fill.tradeId;

export function Primitives() {
  const [isOpen, setOpen] = useState(false);
  const [choice, setChoice] = useState<"one" | "two">("one");
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-3">
      <Panel title="Buttons, tags, overlays" state={{ status: "live" }}>
        <div className="flex flex-wrap gap-2">
          <Button>Plain</Button>
          <Button variant="primary">Apply</Button>
          <Button variant="danger">Cancel all</Button>
          <Button variant="ghost">Quiet</Button>
          <Button busy>Busy</Button>
          <Button onClick={() => setOpen(true)}>Dialog</Button>
          <Button onClick={() => toast("ok", "Version 129 is quoting since 14:22:07.")}>Message</Button>
          <Menu trigger={<Button>Menu ▾</Button>}>
            <MenuItem detail="cancel 12 orders on 3 venues" onSelect={() => undefined}>
              Pause the desk
            </MenuItem>
          </Menu>
          <Tooltip text="Said on hover and on focus.">
            <Button>Tooltip</Button>
          </Tooltip>
        </div>
        <div className="mt-3 flex flex-wrap gap-4">
          <Tag tone="ok">ready</Tag>
          <Tag tone="attention">reconciling</Tag>
          <Tag tone="danger">KILLED</Tag>
          <Tag tone="quiet">reference</Tag>
          <Tag tone="accent">changed</Tag>
        </div>
        <Dialog
          open={isOpen}
          onOpenChange={setOpen}
          title="A dialog"
          description="One sentence says what it is for."
        >
          <p>Content.</p>
        </Dialog>
      </Panel>
      <Panel title="Fields" state={{ status: "live" }}>
        <div className="flex flex-col gap-3">
          <Field label="Spread multiplier" note="desk · 0 to 20" help="Scales the model's half-spread.">
            {(ids) => <NumberInput {...ids} unit="×" defaultValue="1.2" changed />}
          </Field>
          <Field label="Half-spread maximum" error="must be greater than 0">
            {(ids) => <NumberInput {...ids} unit="bps" defaultValue="-3" />}
          </Field>
          <Field label="Reason">{(ids) => <TextInput {...ids} placeholder="why" />}</Field>
          <Field label="Model">
            {(ids) => (
              <Select
                {...ids}
                options={[
                  { value: "glft", label: "glft" },
                  { value: "as", label: "avellaneda-stoikov" },
                ]}
              />
            )}
          </Field>
          <Checkbox label="Quoting obligation" defaultChecked />
          <Segmented
            label="Which"
            value={choice}
            onChange={setChoice}
            options={[
              { value: "one", label: "One" },
              { value: "two", label: "Two" },
            ]}
          />
        </div>
      </Panel>
      <Panel title="Table" state={{ status: "live" }} flush className="h-80">
        <DataTable label="Fills" columns={COLUMNS} rows={FILLS} rowKey={rowKey} />
      </Panel>
    </div>
  );
}
