// Story: how one figure of a report was made, as the server tells it; a frame without scripts.

import { useState } from "preact/hooks";
import { ask, inside } from "../api/client";
import { say } from "../words/words";
import { useAnswer } from "./answers";
import { Waiting } from "./Desk";

interface Props { report: string; figure: string; cursor?: string }

/** As high as what is in it, with its lists opened or not: the page scrolls, not the frame. */
export function Story({ report, figure, cursor }: Props) {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
  const path = `reports/${encodeURIComponent(report)}/figures/${encodeURIComponent(figure)}.html${query}`;
  const answer = useAnswer(path, async () => (await ask(inside(path))).text());
  const [height, setHeight] = useState(0);
  const fit = (event: Event) => {
    const body = (event.currentTarget as HTMLIFrameElement).contentDocument?.body;
    if (body) new ResizeObserver(() => setHeight(Math.ceil(body.getBoundingClientRect().height))).observe(body);
  };
  return (
    <section class="narrow">
      <h1 class="hidden">{say("report.story")}</h1>
      <Waiting on={answer}>
        <iframe class="story" title={say("report.story")} srcdoc={answer.value ?? ""} height={height} onLoad={fit}
          sandbox="allow-same-origin allow-top-navigation-by-user-activation" />
      </Waiting>
    </section>
  );
}
