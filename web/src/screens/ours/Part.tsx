// Part: the head of a screen that was opened from another.

import type { ComponentChildren } from "preact";
import { back } from "../../router";
import { Icon } from "../../parts/icons";
import { say } from "../../words/words";

export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <div class="head">
        <button type="button" class="back" aria-label={say("frame.back")} onClick={() => back("ours")}><Icon name="back" /></button>
        <h1>{title}</h1>
      </div>
      {children}
    </section>
  );
}
