"use client";

import { useState, type FormEvent } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Select, TextArea } from "../ui/field.tsx";
import { toast } from "../ui/toast.tsx";
import { useStopControl } from "./stopControl.tsx";
import type { StateChoice } from "./words.ts";

export function ArmDialog({
  choices,
  onClose,
  onDone,
}: {
  readonly choices: readonly StateChoice[];
  readonly onClose: () => void;
  /** The engine has confirmed. */
  readonly onDone: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Arm or resume"
      description="Quoting starts again where no stricter state holds. Who and why are recorded."
    >
      <ArmForm choices={choices} onCancel={onClose} onDone={onDone} />
    </Dialog>
  );
}

function ArmForm({
  choices,
  onCancel,
  onDone,
}: {
  readonly choices: readonly StateChoice[];
  readonly onCancel: () => void;
  readonly onDone: () => void;
}) {
  const { lift, dismiss } = useStopControl();
  const [key, setKey] = useState(choices[0]?.key ?? "");
  const [reason, setReason] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const choice = choiceOf(choices, key);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (choice === undefined || reason.trim() === "") return;
    setBusy(true);
    const text = await lift(choice, reason.trim());
    setBusy(false);
    setRefusal(text);
    if (text !== undefined) return;
    toast("ok", `${choice.label}: the engine confirmed.`);
    // The person who arms has read the receipt of the stop.
    dismiss();
    onDone();
  }

  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
      <ScopeField choices={choices} chosen={choice} onChoose={setKey} />
      <Field label="Reason" help="One sentence that a colleague understands tomorrow." error={refusal}>
        {(ids) => (
          <TextArea
            {...ids}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          busy={isBusy}
          disabled={choice === undefined || reason.trim() === ""}
        >
          {choice?.label ?? "Arm"}
        </Button>
      </div>
    </form>
  );
}

/** Undefined once it was lifted elsewhere: no other scope may take its place under the hand of whoever arms. */
export function choiceOf(choices: readonly StateChoice[], key: string): StateChoice | undefined {
  return choices.find((choice) => choice.key === key);
}

export function ScopeField({
  choices,
  chosen,
  onChoose,
}: {
  readonly choices: readonly StateChoice[];
  /** Undefined: what was chosen is not to be lifted any more. */
  readonly chosen: StateChoice | undefined;
  readonly onChoose: (key: string) => void;
}) {
  const options = choices.map((one) => ({ value: one.key, label: one.label }));
  return (
    <Field
      label="What"
      help={chosen?.detail}
      error={chosen === undefined ? "What was chosen was lifted meanwhile: choose again." : undefined}
    >
      {(ids) => (
        <Select
          {...ids}
          value={chosen?.key ?? ""}
          onChange={(event) => onChoose(event.target.value)}
          // Without an empty one the browser would show the first as if it were chosen.
          options={chosen === undefined ? [{ value: "", label: "Choose …" }, ...options] : options}
        />
      )}
    </Field>
  );
}
