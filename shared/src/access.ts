/**
 * Who may do what: an endpoint names a permission, and this table says which roles have it and
 * which scope of a device's delegation gives it. Whoever acts has what both give: the role that it
 * has in the account that it acts for, and the scopes that its device was given.
 */

/** What a device is given by an account key's signature; old evidence has them, so they stay. */
export const scopes = ['read', 'rent', 'provide', 'account'] as const;
export type Scope = (typeof scopes)[number];

export const scopeWords: Record<Scope, string> = {
  read: 'see your contracts, offerings and notices',
  rent: 'rent resources and move your rentals',
  provide: 'list offerings and answer requests',
  account: 'change your account, keys and devices',
};

/** `owner` acts for its own account; `admin` too, and a command on the machine made it one. */
export const roles = ['owner', 'admin'] as const;
export type Role = (typeof roles)[number];

interface Row {
  readonly scope: Scope;
  readonly roles: readonly Role[];
  /** What an API token that has it may do, in words; what has none is never a token's. */
  readonly token?: string;
}

const everyRole = { roles } as const;
const adminsAlone = { scope: 'account', roles: ['admin'] } as const;

/** Named by domain and verb. */
const table = {
  'account.read': { scope: 'read', ...everyRole, token: 'see your profile, contacts and SSH keys' },
  'account.write': {
    scope: 'account',
    ...everyRole,
    token: 'change your profile, contacts and SSH keys',
  },
  /** Keys, devices and sessions. */
  'account.keys': { scope: 'account', ...everyRole },
  /** Make, rotate and revoke API tokens; never by one. */
  'tokens.write': { scope: 'account', ...everyRole },
  /** Where events are sent, and what was sent. */
  'webhooks.read': {
    scope: 'read',
    ...everyRole,
    token: 'see your webhooks and what was sent to them',
  },
  'webhooks.write': {
    scope: 'account',
    ...everyRole,
    token: 'make, change, test and remove webhooks',
  },
  'contracts.read': {
    scope: 'read',
    ...everyRole,
    token: 'see your contracts, their logs and evidence',
  },
  /** Request, hold a unit, and move as the renter. */
  'contracts.rent': { scope: 'rent', ...everyRole, token: 'hold units while a request is written' },
  /** Move as the provider, and say whose requests it does not take. */
  'contracts.provide': { scope: 'provide', ...everyRole, token: 'block and unblock renters' },
  /** One's own balance and what was posted to it. */
  'billing.read': {
    scope: 'read',
    ...everyRole,
    token: 'see your balance and what was posted to it',
  },
  /** Pay in by card. */
  'billing.write': { scope: 'rent', ...everyRole },
  /** Say where one's money goes, and have it sent there; never by a token. */
  'payouts.write': { scope: 'account', ...everyRole },
  'offerings.read': {
    scope: 'read',
    ...everyRole,
    token: 'see your offerings and their statistics',
  },
  'offerings.write': {
    scope: 'provide',
    ...everyRole,
    token: 'make, change, list and import offerings',
  },
  'saved.read': { scope: 'read', ...everyRole, token: 'see your saved offerings and searches' },
  'saved.write': { scope: 'rent', ...everyRole, token: 'save offerings and searches' },
  /** Read them and mark them as read. */
  'notices.read': {
    scope: 'read',
    ...everyRole,
    token: 'read your notices and the stream of events',
  },
  'admin.icp': adminsAlone,
  'admin.log': adminsAlone,
  /** The ledger, and bank transfers. */
  'admin.money': adminsAlone,
  'admin.work': adminsAlone,
} as const satisfies Record<`${string}.${string}`, Row>;

export type Permission = keyof typeof table;
export const permissions = Object.keys(table) as Permission[];

const rowOf = (permission: Permission): Row => table[permission];

/** What an API token can be given, and what it may do by each. */
export const tokenPermissions = permissions.filter((one) => rowOf(one).token !== undefined);
export const tokenWords = (permission: Permission): string => rowOf(permission).token ?? '';

/** What a party must be allowed to do for the moves of a contract that are by its side. */
export const permissionOfSide = {
  renter: 'contracts.rent',
  provider: 'contracts.provide',
} as const satisfies Record<string, Permission>;

/**
 * What an endpoint asks for: nothing, a permission, or any of several where the thing itself says
 * which one is needed, as a contract's side does.
 */
export type Access = 'anyone' | Permission | readonly [Permission, Permission, ...Permission[]];

/** The permissions that will do; none for `anyone`. */
export const permissionsFor = (access: Access): readonly Permission[] =>
  access === 'anyone' ? [] : typeof access === 'string' ? [access] : access;

export const scopeOf = (permission: Permission): Scope => rowOf(permission).scope;

export const roleHas = (role: Role, permission: Permission): boolean =>
  rowOf(permission).roles.includes(role);

/** All that an agent's delegation can come to; that confines again what the agent signs. */
export const agentPermissions: readonly Permission[] = [
  'account.read',
  'contracts.read',
  'contracts.provide',
  'offerings.read',
  'notices.read',
];

/** What this role may do by a device with these scopes. */
export const permissionsOf = (role: Role, given: readonly Scope[]): ReadonlySet<Permission> =>
  new Set(permissions.filter((one) => roleHas(role, one) && given.includes(scopeOf(one))));
