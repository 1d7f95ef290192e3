// Invitations: who is asked to join, and as what.

import { useState } from "preact/hooks";
import { ask, inside, read } from "../../api/client";
import { Field, Form } from "../../parts/Form";
import { say, sayCode, sayDate } from "../../words/words";
import { useAnswer } from "../answers";
import type { Seat } from "../seat";
import { Waiting } from "../Desk";
import { text } from "./Boundaries";
import { Choice } from "./Groups";

interface Invitation {
  id: string;
  email: string;
  role: string;
  expires_at: string;
}

const ROLES = ["connector", "coordinator", "funder", "admin"] as const;

export function Invitations({ network }: Seat) {
  const [turn, setTurn] = useState(0);
  const [said, tell] = useState("");
  const answer = useAnswer(String(turn), () => read<{ items: Invitation[] }>(inside("invitations"), "items"));
  const invite = async (values: FormData) => {
    const email = text(values, "email");
    await ask(inside("invitations"), { method: "POST", body: { email, role: text(values, "role") } });
    tell(say("setup.invited", { email }));
    setTurn(turn + 1);
  };
  const roles = ROLES.filter((role) => role !== "admin" || network.role === "admin");
  return (
    <>
      <p>{say("setup.inviteHow")}</p>
      <Form key={turn} onSubmit={invite} button={say("setup.invite")}>
        <Field label={say("signIn.email")} name="email" type="email" required autocomplete="off" dir="ltr" />
        <Choice label={say("setup.role")} name="role" value="connector" options={roles.map((role) => [role, sayCode("role", role)])} />
      </Form>
      <p role="status" class="told">{said}</p>
      <Waiting on={answer}>
        {answer.value?.items.length ? (
          <div class="wide" tabIndex={0} role="region" aria-label={say("setup.pending")}>
            <table>
              <caption>{say("setup.pending")}</caption>
              <thead><tr><th scope="col">{say("setup.email")}</th><th scope="col">{say("setup.role")}</th><th scope="col">{say("setup.until")}</th></tr></thead>
              <tbody>{answer.value.items.map((each) => <tr key={each.id}><th scope="row"><bdi>{each.email}</bdi></th><td>{sayCode("role", each.role)}</td><td>{sayDate(each.expires_at)}</td></tr>)}</tbody>
            </table>
          </div>
        ) : <p class="hint">{say("setup.nonePending")}</p>}
      </Waiting>
    </>
  );
}
