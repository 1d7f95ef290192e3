// More: language, network, signing out.

import { ask } from "../api/client";
import { forgetSession, keepSession, session } from "../session";
import { LANGUAGES, language, nameOf, say, speak } from "../words/words";

export function More() {
  const { networks } = session.get();
  return (
    <section class="narrow">
      <h1>{say("screen.more")}</h1>
      <fieldset class="choices">
        <legend>{say("more.language")}</legend>
        {LANGUAGES.map((code) => (
          <label key={code} lang={code}>
            <input type="radio" name="language" checked={code === language()} onChange={() => speak(code, true)} /> {nameOf(code)}
          </label>
        ))}
      </fieldset>
      {networks.length > 1 && <p><button type="button" class="plain" onClick={() => keepSession({ chosen: null })}>{say("more.otherNetwork")}</button></p>}
      <p><button type="button" class="plain" onClick={signOut}>{say("more.signOut")}</button></p>
    </section>
  );
}

async function signOut() {
  await ask("/sign-out", { method: "POST" }).catch(() => null); // it is forgotten here in any case
  forgetSession();
}
