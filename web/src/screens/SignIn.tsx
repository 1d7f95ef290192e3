// Sign in: an e-mail address, then the six digits that came to it.

import { useState } from "preact/hooks";
import { ask, read } from "../api/client";
import { keepSession, session, type Membership } from "../session";
import { Field, Form } from "../parts/Form";
import { Say, say } from "../words/words";

interface SignedIn {
  token: string;
  networks: Membership[];
}

export function SignIn() {
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const send = async (values: FormData) => {
    const given = String(values.get("email"));
    await ask("/sign-in", { method: "POST", body: { email: given } });
    setEmail(given);
    setSent(true);
  };
  return (
    <section class="narrow">
      <h1>{say("signIn.title")}</h1>
      {session.get().networks.length > 0 && <p class="note">{say("signIn.again")}</p>}
      {isSent ? (
        <Code email={email} onBack={() => setSent(false)} />
      ) : (
        <Form onSubmit={send} button={say("signIn.send")}>
          <p>{say("signIn.how")}</p>
          <Field label={say("signIn.email")} name="email" type="email" autocomplete="email" maxlength={254} required />
        </Form>
      )}
    </section>
  );
}

function Code({ email, onBack }: { email: string; onBack: () => void }) {
  const enter = async (values: FormData) => {
    const code = String(values.get("code")).replace(/\D/g, "");
    const body = { email, code, device_name: nameOfDevice() };
    keepSession(remember(await read<SignedIn>("/sign-in/verify", "token", { method: "POST", body })));
  };
  return (
    <Form onSubmit={enter} button={say("signIn.enter")} also={<button type="button" class="plain" onClick={onBack}>{say("signIn.other")}</button>}>
      <p><Say name="signIn.sent" email={email} /></p>
      <Field label={say("signIn.code")} name="code" inputmode="numeric" autocomplete="one-time-code" maxlength={8} required autofocus class="code" />
    </Form>
  );
}

/** What its user will know this browser by in the list of devices. */
function nameOfDevice(): string {
  const system = /Android|iPhone|iPad|Windows|Macintosh|CrOS|Linux/.exec(navigator.userAgent)?.[0];
  return system ? `${say("signIn.device")} (${system})` : say("signIn.device");
}

/** The session that begins: the network that was open stays open where the user still belongs. */
export function remember({ token, networks }: SignedIn): { token: string; networks: Membership[]; chosen: string | null } {
  const before = session.get().chosen;
  const isStill = networks.some((each) => each.id === before);
  const only = networks.length === 1 ? networks[0]!.id : null;
  return { token, networks, chosen: isStill ? before : only };
}
