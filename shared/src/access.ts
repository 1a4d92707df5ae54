/**
 * Who may use an endpoint. A session acts for an account; a device key acts under a delegation
 * that names scopes. `anyone` needs no session; the rest need a session with that scope.
 */
export const scopes = ['read', 'rent', 'provide', 'account'] as const;
export type Scope = (typeof scopes)[number];

/** `admin`: an account that a command on the machine made one; to others nothing is there. */
export type Access = 'anyone' | 'admin' | Scope;

export const scopeWords: Record<Scope, string> = {
  read: 'see your contracts, offerings and notices',
  rent: 'rent resources and move your rentals',
  provide: 'list offerings and answer requests',
  account: 'change your account, keys and devices',
};
