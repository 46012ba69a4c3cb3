"use client";

/** Says that newer rows wait, and lets them in. */
export function WaitingMark({ waiting, onShow }: { readonly waiting: number; readonly onShow: () => void }) {
  if (waiting === 0) return null;
  return (
    <button type="button" className="rounded px-1 text-sm text-attention hover:bg-line/50" onClick={onShow}>
      {waiting} newer, held while you read
    </button>
  );
}
