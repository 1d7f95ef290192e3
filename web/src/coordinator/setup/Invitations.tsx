// Invitations: who is asked to join, and as what; who is here, and who is no longer.

import { useState } from "preact/hooks";
import { ask, inside, read } from "../../api/client";
import { Field, Form, sentence } from "../../parts/Form";
import type { Membership } from "../../session";
import { say, sayCode, sayDate } from "../../words/words";
import { useAnswer } from "../answers";
import type { Seat } from "../seat";
import { Waiting } from "../Desk";
import { Choice, text } from "./Choice";
import { Twice } from "./Twice";

type Role = Membership["role"];

interface Invitation {
  id: string;
  email: string;
  role: Role;
  expires_at: string;
}

interface Member {
  id: string;
  email: string | null;
  role: Role;
  created_at: string;
  ended_at: string | null;
}

const ROLES: Role[] = ["connector", "coordinator", "funder", "admin"];

/** Whom a role may invite: the server says the same. */
const offered = (role: Role): Role[] => (role === "admin" ? ROLES : ["connector"]);

const fetchAll = async () => {
  const [invitations, members] = await Promise.all([read<{ items: Invitation[] }>(inside("invitations"), "items"), read<{ items: Member[] }>(inside("members"), "items")]);
  return { invitations: invitations.items, members: members.items.filter((each) => !each.ended_at) };
};

export function Invitations({ network }: Seat) {
  const [turn, setTurn] = useState(0);
  const [sent, setSent] = useState(0); // empties the form, which nothing else does
  const [said, tell] = useState("");
  const [wrong, setWrong] = useState("");
  const answer = useAnswer(String(turn), fetchAll);
  const roles = offered(network.role);
  const act = (work: Promise<unknown>, then = "") => {
    setWrong("");
    tell("");
    return work.then(() => { tell(then); setTurn(turn + 1); });
  };
  const invite = (values: FormData) => {
    const email = text(values, "email");
    return act(ask(inside("invitations"), { method: "POST", body: { email, role: text(values, "role") } }), say("setup.invited", { email })).then(() => setSent(sent + 1));
  };
  const change = (path: string, method: string, body?: unknown) => void act(ask(inside(path), { method, body })).catch((error) => setWrong(sentence(error)));
  return (
    <>
      <p>{say("setup.inviteHow")}</p>
      <Form key={sent} onSubmit={invite} button={say("setup.invite")}>
        <Field label={say("setup.theirEmail")} name="email" type="email" required autocomplete="off" dir="ltr" />
        <Choice label={say("setup.role")} name="role" value="connector" options={roles.map((role) => [role, sayCode("role", role)])} />
        {roles.length < ROLES.length && <p class="hint">{say("setup.onlyAdmins")}</p>}
      </Form>
      <p role="status" class="told">{said}</p>
      <p role="status" class="says">{wrong}</p>
      <Waiting on={answer}>
        {answer.value && (
          <>
            <Pending items={answer.value.invitations} roles={roles} onTakeBack={(id) => change(`invitations/${id}`, "DELETE")} />
            <Here items={answer.value.members} network={network} onChange={(id, role) => change(`members/${id}`, "PATCH", { role })} onEnd={(id) => change(`members/${id}`, "DELETE")} />
          </>
        )}
      </Waiting>
    </>
  );
}

function Pending({ items, roles, onTakeBack }: { items: Invitation[]; roles: Role[]; onTakeBack: (id: string) => void }) {
  if (!items.length) return <p class="hint">{say("setup.nonePending")}</p>;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("setup.pending")}>
      <table class="people">
        <caption>{say("setup.pending")}</caption>
        <thead><tr><th scope="col">{say("setup.email")}</th><th scope="col">{say("setup.role")}</th><th scope="col">{say("setup.until")}</th><th scope="col">{say("setup.alter")}</th></tr></thead>
        <tbody>{items.map((each) => (
          <tr key={each.id}>
            <th scope="row"><bdi>{each.email}</bdi></th><td>{sayCode("role", each.role)}</td><td>{sayDate(each.expires_at)}</td>
            <td>{roles.includes(each.role) && <Twice label={say("setup.takeBack")} of={each.email} onSure={() => onTakeBack(each.id)} />}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}

/** Another role is given by its own button: a key pressed on the list gives none. */
function RoleOf({ of, onChange }: { of: Member; onChange: (role: string) => void }) {
  const [role, choose] = useState<string>(of.role);
  return (
    <span class="actions twice">
      <select aria-label={`${say("setup.role")}: ${of.email}`} onChange={(event) => choose(event.currentTarget.value)}>
        {ROLES.map((each) => <option key={each} value={each} selected={each === role}>{sayCode("role", each)}</option>)}
      </select>
      {role !== of.role && <button type="button" onClick={() => onChange(role)}>{say("setup.save")} <span class="hidden">{of.email}</span></button>}
    </span>
  );
}

interface HereProps { items: Member[]; network: Membership; onChange: (id: string, role: string) => void; onEnd: (id: string) => void }

/** Everybody who is here; admins may give another role, or end a membership: what was logged stays. */
function Here({ items, network, onChange, onEnd }: HereProps) {
  const isAdmin = network.role === "admin";
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("setup.members")}>
      <table class="people">
        <caption>{say("setup.members")}</caption>
        <thead><tr><th scope="col">{say("setup.email")}</th><th scope="col">{say("setup.role")}</th><th scope="col">{say("setup.since")}</th>{isAdmin && <th scope="col">{say("setup.alter")}</th>}</tr></thead>
        <tbody>{items.map((each) => (
          <tr key={each.id}>
            <th scope="row"><bdi>{each.email}</bdi></th>
            <td>{isAdmin && each.id !== network.member_id
              ? <RoleOf key={each.role} of={each} onChange={(role) => onChange(each.id, role)} />
              : sayCode("role", each.role)}</td>
            <td>{sayDate(each.created_at)}</td>
            {isAdmin && <td>{each.id !== network.member_id && <Twice label={say("setup.end")} of={each.email ?? ""} onSure={() => onEnd(each.id)} />}</td>}
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}
