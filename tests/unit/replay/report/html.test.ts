import fc from "fast-check";
import { expect, it } from "vitest";
import { escapeHtml, escapeJson, html } from "../../../../server/replay/report/html.ts";

it("escapes every value of a template and leaves markup that a template made", () => {
  const cell = html`<b>${"<i> & \"c\" 'd'"}</b>`;
  expect(html`${cell}|${[cell, 1, undefined]}`.text).toBe(
    "<b>&lt;i&gt; &amp; &quot;c&quot; &#39;d&#39;</b>|<b>&lt;i&gt; &amp; &quot;c&quot; &#39;d&#39;</b>1",
  );
});

it("leaves no character that could open a tag or end an attribute", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(escapeHtml(text)).not.toMatch(/[<>"']/);
    }),
    { numRuns: 200 },
  );
});

it("writes JSON that cannot end its script and reads back to the same value", () => {
  const value = { name: "</script><!-- \u2028 & ' \"", list: [1, null] };
  const text = escapeJson(value);
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual(value);
});
