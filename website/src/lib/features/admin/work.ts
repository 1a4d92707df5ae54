/** What each kind of due work does, for a person; a kind that is new here shows its name. */
const kindWords: Readonly<Record<string, string>> = {
  'contract.move': 'Move a contract whose deadline has passed',
  'contract.erase': 'Erase credentials or personal parts of an ended contract',
  projection: 'Follow what was committed',
  'offering.end_hold': 'Give back a unit whose hold has ended',
};

export const workWords = (kind: string): string => kindWords[kind] ?? kind;
