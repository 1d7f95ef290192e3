// Main: the first thing that runs.

import { render } from "preact";
import { App } from "./app";
import { finishLeaving, listen, open } from "./phone";
import "./style/weft.css";
import { keepOffline } from "./update";
import { preferred, speak } from "./words/words";

const words = speak(preferred()).catch(() => speak("en"));
listen();
void Promise.all([words, open()]).then(() => {
  render(<App />, document.getElementById("weft")!);
  keepOffline();
  void finishLeaving();
});
