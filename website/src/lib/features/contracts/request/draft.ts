/** What was typed for a request and not sent: nothing in it is secret, and only this tab has it. */
interface Draft {
  /** Whether the dialog was open. */
  open: boolean;
  values: Record<string, unknown>;
}

const GUEST = 'guest';
/** Each account has its own; what a guest typed is of who signs in next, and of nobody after. */
const keyOf = (account_id: string | null, offering_id: string): string =>
  `rent-draft/${account_id ?? GUEST}/${offering_id}`;

function read(key: string): Draft | null {
  const text = sessionStorage.getItem(key);
  return text === null ? null : (JSON.parse(text) as Draft);
}

/** What this tab has of it for this account, or for a guest that has become it. */
export function findDraft(account_id: string | null, offering_id: string): Draft | null {
  const [guest, own] = [keyOf(null, offering_id), keyOf(account_id, offering_id)];
  const typed = read(guest);
  if (account_id === null || typed === null) return read(own);
  sessionStorage.removeItem(guest);
  sessionStorage.setItem(own, JSON.stringify(typed));
  return typed;
}

export const saveDraft = (account_id: string | null, offering_id: string, draft: Draft): void =>
  sessionStorage.setItem(keyOf(account_id, offering_id), JSON.stringify(draft));

export const forgetDraft = (account_id: string | null, offering_id: string): void =>
  sessionStorage.removeItem(keyOf(account_id, offering_id));

/** Puts what was typed into a form's values, as far as it has the form that they have. */
export function restore(values: Record<string, unknown>, typed: Draft['values']): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof typed[name] === typeof value) values[name] = typed[name];
  }
}
