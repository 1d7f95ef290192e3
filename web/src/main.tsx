// Main: the first thing that runs.

import { render } from "preact";
import { App } from "./app";
import "./style/weft.css";
import { keepOffline } from "./update";
import { preferred, speak } from "./words/words";

await speak(preferred()).catch(() => speak("en"));
render(<App />, document.getElementById("weft")!);
keepOffline();
