import type {
  commitments,
  diskKinds,
  gpuInterconnects,
  OfferingKind,
  virtualizations,
  visibilities,
} from './schemas.ts';
import type { Unit } from '../price.ts';

/** Words for people; the names are what the database and the API hold. */
export const kindWords: Record<OfferingKind, { label: string; means: string }> = {
  gpu: { label: 'GPU', means: 'A machine, or a share of one, with graphics processors' },
  compute: { label: 'Virtual server', means: 'A virtual machine or container' },
  dedicated: { label: 'Dedicated server', means: 'A whole machine of your own' },
  storage: { label: 'Storage', means: 'Block, file or object storage' },
  network: { label: 'Network', means: 'Addresses, transit, tunnels or proxies' },
  hosting: { label: 'Hosting', means: 'Software that the provider runs for you' },
};

export const diskWords: Record<(typeof diskKinds)[number], string> = {
  nvme: 'NVMe',
  ssd: 'SSD',
  hdd: 'HDD',
};

export const virtualizationWords: Record<(typeof virtualizations)[number], string> = {
  kvm: 'KVM',
  xen: 'Xen',
  vmware: 'VMware',
  hyperv: 'Hyper-V',
  lxc: 'LXC',
  container: 'Container',
  bare_metal: 'Bare metal',
};

export const interconnectWords: Record<(typeof gpuInterconnects)[number], string> = {
  pcie: 'PCIe',
  nvlink: 'NVLink',
  sxm: 'SXM',
  infinity_fabric: 'Infinity Fabric',
};

export const commitmentWords: Record<(typeof commitments)[number], string> = {
  on_demand: 'On demand',
  spot: 'Spot',
  reserved: 'Reserved',
};

export const visibilityWords: Record<
  (typeof visibilities)[number],
  { label: string; means: string }
> = {
  public: { label: 'Public', means: 'In the marketplace for everyone' },
  unlisted: { label: 'Unlisted', means: 'For those who have its address' },
  private: { label: 'Private', means: 'For you alone' },
};

export const unitWords: Record<Unit, { per: string; many: string }> = {
  hour: { per: 'per hour', many: 'hours' },
  day: { per: 'per day', many: 'days' },
  month: { per: 'per month', many: 'months' },
};

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** What the region names have beyond countries: unions, test regions, the unknown one. */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
let known: { code: string; name: string }[] | undefined;

/** Asking Intl takes microseconds, and an index asks for every offering. */
const found = new Map<string, string>();

/** `NL` -> `Netherlands`; a code without a name stays as it is. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  const name = found.get(code) ?? names.of(code) ?? code;
  found.set(code, name);
  return name;
}

/** Every country with its two letters, by name. */
export function countries(): readonly { code: string; name: string }[] {
  known ??= LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter(isCountry)
    .map((code) => ({ code, name: countryName(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return known;
}

/** Names that people write and no language's list has. */
const otherCountries: Record<string, string> = {
  ...{ 'great britain': 'GB', england: 'GB', usa: 'US', america: 'US', holland: 'NL' },
  ...{ 'the netherlands': 'NL', 'united states of america': 'US', 'czech republic': 'CZ' },
  ...{ korea: 'KR', uae: 'AE', turkey: 'TR', 'hong kong': 'HK', macau: 'MO', 'south korea': 'KR' },
};
/** Languages whose names of countries are known beside the English ones. */
const LANGUAGES = ['de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'sv', 'da', 'nb', 'fi', 'cs'];
let codes: Map<string, string> | undefined;

/** Made when the first name is looked for, as it takes milliseconds. */
function codesByName(): ReadonlyMap<string, string> {
  if (codes) return codes;
  codes = new Map(Object.entries(otherCountries));
  for (const language of ['en', ...LANGUAGES]) {
    const namesThere = new Intl.DisplayNames(language, { type: 'region' });
    for (const { code } of countries()) {
      const name = namesThere.of(code)?.toLowerCase().replaceAll('.', '') ?? code;
      if (!codes.has(name)) codes.set(name, code);
    }
  }
  return codes;
}

/** `NL`, `nl`, `Netherlands` or `Niederlande` -> `NL`; null for a name that is no country's. */
export function findCountry(text: string): string | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'uk') return 'GB';
  if (/^[a-z]{2}$/.test(wanted)) return wanted.toUpperCase();
  return codesByName().get(wanted.replaceAll('.', '')) ?? null;
}

/** Codes that were replaced (`BU`) have a name too; the canonical form of one is another code. */
const isCountry = (code: string): boolean =>
  !NO_COUNTRIES.has(code) &&
  names.of(code) !== undefined &&
  new Intl.Locale(`und-${code}`).region === code;
