"use client";

import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useLook } from "../session/lookProvider.tsx";
import { useShape } from "../session/shape.tsx";
import { useLive } from "../stream/live.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { PAGES } from "./nav.tsx";
import { useStopControl } from "./stopControl.tsx";
import { stopChoices } from "./words.ts";

/** Pages, markets, graded stops and looks. What stops acts at once, as it does in the menu of the stop. */
export function PaletteDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const { act } = useStopControl();
  const { look, setLook } = useLook();
  const desk = useLive("desk")?.value;
  const shape = useShape();

  const item = (key: string, label: string, run: () => void, detail?: string) => (
    <Command.Item
      key={key}
      value={key}
      keywords={[label]}
      onSelect={() => {
        onOpenChange(false);
        run();
      }}
      className="flex min-h-9 cursor-pointer items-center gap-3 rounded px-2 data-[selected=true]:bg-line"
    >
      <span className="whitespace-nowrap">{label}</span>
      {detail !== undefined && <span className="truncate text-sm text-secondary">{detail}</span>}
    </Command.Item>
  );

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Commands">
      <Command label="Commands" className="flex flex-col gap-2">
        <Command.Input
          autoFocus
          placeholder="Page, market or stop …"
          className="h-9 rounded border bg-ground px-2 placeholder:text-secondary"
        />
        <Command.List className="max-h-80 overflow-auto">
          <Command.Empty className="p-3 text-sm text-secondary">Nothing is called that.</Command.Empty>
          <Command.Group heading="Go to" className={GROUP}>
            {PAGES.map(({ href, label }) => item(`page ${label}`, label, () => router.push(href)))}
            {(shape?.markets ?? []).map(({ market }) =>
              item(`market ${market}`, `Market ${market}`, () =>
                router.push(`/market/${encodeURIComponent(market)}`),
              ),
            )}
          </Command.Group>
          <Command.Group heading="Stop or pause" className={GROUP}>
            {stopChoices(desk).map((choice) =>
              item(`stop ${choice.label}`, choice.label, () => act(choice), choice.detail),
            )}
          </Command.Group>
          <Command.Group heading="Look" className={GROUP}>
            {item("look dark", "Dark theme", () => setLook({ ...look, theme: "dark" }))}
            {item("look light", "Light theme", () => setLook({ ...look, theme: "light" }))}
          </Command.Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}

const GROUP =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-secondary";
